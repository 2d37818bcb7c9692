import { ACTIVATIONS, LOSSES, OPTIMIZERS, draw, forward, glorot, gradient, layout, optimizer, room } from "./engine.js";

// What the playground trains on, and its training: everything follows from the settings, so that a link tells a whole case.

const TURN = 2 * Math.PI;

/** One stream of chance: `next()` between 0 and 1, `normal()` by Box and Muller (1958). */
export function chance(seed) {
  let i = 0;
  const next = () => draw(seed, ++i);
  return { next, normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(TURN * next()) };
}

/** Each data set: one example [x1, x2, y] from its number and a stream of chance. */
export const DATA = {
  circles: (i, { next }) => {
    const y = i % 2, r = y ? 0.45 * Math.sqrt(next()) : 0.7 + 0.3 * next(), t = TURN * next();
    return [r * Math.cos(t), r * Math.sin(t), y];
  },
  xor: (i, { next }) => {
    const a = 0.05 + 0.9 * next(), b = 0.05 + 0.9 * next(), corner = i % 4;
    const [x1, x2] = [corner < 2 ? a : -a, corner % 2 ? b : -b];
    return [x1, x2, x1 * x2 < 0 ? 1 : 0];
  },
  moons: (i, { next }) => {
    const y = i % 2, t = Math.PI * next();
    return y ? [0.65 * (0.5 - Math.cos(t)), 0.65 * (0.25 - Math.sin(t)), 1] : [0.65 * (Math.cos(t) - 0.5), 0.65 * (Math.sin(t) - 0.25), 0];
  },
  spirals: (i, { next }) => {
    const y = i % 2, r = 0.05 + 0.95 * next(), t = TURN * (1.1 * r + y / 2);
    return [r * Math.cos(t), r * Math.sin(t), y];
  },
  blobs: (i, { normal }) => {
    const y = i % 2, middle = y ? 0.45 : -0.45;
    return [middle + 0.2 * normal(), middle + 0.2 * normal(), y];
  },
  waves: (i, { next }) => {
    const x1 = 2 * next() - 1, x2 = 2 * next() - 1;
    return [x1, x2, Math.sin(3 * x1) * Math.cos(2 * x2)];
  },
};

/** The task that a data set sets: two classes, or a quantity. */
export const lossOf = (data) => (data === "waves" ? "mse" : "binary_crossentropy");

/** n examples [x1, x2, y]. Noise shakes the points; where the target is a quantity, it shakes the target. */
export function examples({ data, n, noise, seed }) {
  const stream = chance(seed);
  return Array.from({ length: n }, (_, i) => {
    const [x1, x2, y] = DATA[data](i, stream), shake = () => noise * stream.normal();
    return data === "waves" ? [x1, x2, y + shake()] : [x1 + shake(), x2 + shake(), y];
  });
}

/** What the network may be told about a point. */
export const FEATURES = {
  x1: (a) => a,
  x2: (a, b) => b,
  "x1^2": (a) => a * a,
  "x2^2": (a, b) => b * b,
  "x1 x2": (a, b) => a * b,
  "sin 3 x1": (a) => Math.sin(3 * a),
  "sin 3 x2": (a, b) => Math.sin(3 * b),
};

/** The features of points, row by row in one array. */
export const described = (features, points) => Float64Array.from(points.flatMap(([a, b]) => features.map((name) => FEATURES[name](a, b))));

/** An order of n rows from a stream of chance (Fisher and Yates, in Durstenfeld's form, 1964). */
export function shuffled(n, next) {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * next());
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** A training that can go on: two thirds of the points teach, the others are held back. */
export function begin(settings) {
  const { features, layers, biases, seed, batch_size, learning_rate, dropout } = settings;
  const points = examples(settings), cut = Math.ceil((2 * points.length) / 3), net = layout([features.length, ...layers, 1], biases);
  const part = (rows) => ({ points: rows, n: rows.length, x: described(features, rows), y: Float64Array.from(rows, (row) => row[2]) });
  const taught = part(points.slice(0, cut)), size = Math.min(batch_size, cut), order = chance(seed + 1), masks = chance(seed + 2);
  return {
    settings: { ...settings, loss: lossOf(settings.data) }, net, taught, held: part(points.slice(cut)), size,
    theta: glorot(net, seed), out: new Float64Array(net.count), at: room(net, size), full: room(net, cut),
    x: new Float64Array(size * features.length), y: new Float64Array(size), keep: dropout ? { rate: dropout, next: masks.next } : null,
    rule: optimizer(settings.optimizer, learning_rate, net.count), order, epoch: 0, updates: 0,
  };
}

/** One pass over the points that teach, in an order of its own, batch by batch. */
export function trainEpoch(run) {
  const { net, theta, settings, taught, size, at, out, keep, rule } = run, d = net.sizes[0];
  const order = shuffled(taught.n, run.order.next);
  for (let start = 0; start < taught.n; start += size) {
    const rows = order.slice(start, start + size);
    rows.forEach((row, i) => {
      for (let j = 0; j < d; j++) run.x[i * d + j] = taught.x[row * d + j];
      run.y[i] = taught.y[row];
    });
    gradient(net, theta, settings, run.x, run.y, rows.length, at, out, keep);
    rule.step(theta, out);
    run.updates += 1;
  }
  run.epoch += 1;
}

/** The mean loss on one part of the points, without penalties and without dropout, and how many of them are right. */
export function judge(run, part) {
  const z = forward(run.net, run.theta, run.settings.activation, part.x, part.n, run.full), { loss } = run.settings;
  let value = 0, right = 0;
  for (let i = 0; i < part.n; i++) {
    const y = part.y[i];
    value += LOSSES[loss].cost(z[i], y) / part.n;
    right += loss === "mse" ? 0 : (z[i] >= 0) === (y === 1) ? 1 : 0;
  }
  return { loss: value, right };
}

const NUMBERS = { n: [30, 600], noise: [0, 0.5], seed: [0, 1e6], learning_rate: [1e-4, 10], batch_size: [1, 600], l1: [0, 1], l2: [0, 1], dropout: [0, 0.9], epochs: [0, 2000] };
const WHOLE = ["n", "seed", "batch_size", "epochs"], KNOWN = { data: DATA, activation: ACTIVATIONS, optimizer: OPTIMIZERS };
const within = (value, [low, high]) => Math.min(high, Math.max(low, value));

/** The settings as the end of a link: `play:data=moons&layers=4,4`. What stands at its beginning value is left out. */
export function toLink(settings, beginning) {
  const told = Object.keys(beginning).filter((key) => JSON.stringify(settings[key]) !== JSON.stringify(beginning[key]));
  return `play:${new URLSearchParams(told.map((key) => [key, String(settings[key])]))}`;
}

/** What one word of such an end means, or nothing where it makes no sense. Numbers are brought into their ranges. */
function meaning(key, text) {
  const list = text ? text.split(",") : [];
  if (key === "features") return list.length && list.every((name) => Object.hasOwn(FEATURES, name)) ? list : undefined;
  if (key === "layers") return list.length < 5 && list.every((m) => m >= 1 && m <= 8) ? list.map((m) => Math.round(m)) : undefined;
  if (key in KNOWN) return Object.hasOwn(KNOWN[key], text) ? text : undefined;
  if (key === "biases") return text === "true";
  if (!(key in NUMBERS) || !text || !Number.isFinite(Number(text))) return undefined;
  return within(WHOLE.includes(key) ? Math.round(text) : Number(text), NUMBERS[key]);
}

/** The settings that such an end tells, or nothing where it is no such end. What it does not tell stands at its beginning. */
export function fromLink(end, beginning) {
  if (!end.startsWith("play:")) return null;
  const told = [...new URLSearchParams(end.slice(5))].map(([key, text]) => [key, meaning(key, text)]);
  return { ...beginning, ...Object.fromEntries(told.filter(([key, value]) => Object.hasOwn(beginning, key) && value !== undefined)) };
}
