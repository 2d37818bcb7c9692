import { ACTIVATIONS, draw } from "./engine.js";
import { button, choice, clamp, coordinates, html, number, plane, redraw, set, slider, stage, status, svg } from "./kit.js";

const WIDTH = 32, ROWS = 16, BLOCK = WIDTH * WIDTH, DEEPEST = 50;

// The engine's tanh is quick and loses the digits of a tiny signal, of which there are many here.
const CURVES = { ...ACTIVATIONS, tanh: { f: Math.tanh, slope: ACTIVATIONS.tanh.slope } };

/** The standard deviation of the weights, by its name. */
export const STARTS = { 0.01: 0.01, Glorot: Math.sqrt(1 / WIDTH), He: Math.sqrt(2 / WIDTH), 1: 1 };

/** `count` numbers of mean 0 and standard deviation 1 of a seed, from the first-th on (Box and Muller, 1958). */
export function normals(seed, first, count) {
  const values = new Float64Array(count);
  for (let i = 0, k = first; i < count; i++, k++) {
    values[i] = Math.sqrt(-2 * Math.log(1 - draw(seed, 2 * k + 1))) * Math.cos(2 * Math.PI * draw(seed, 2 * k + 2));
  }
  return values;
}

function size(values) {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

/** Rows of x times W. */
function times(x, W) {
  const out = new Float64Array(ROWS * WIDTH);
  for (let row = 0, at = 0; row < ROWS * WIDTH; row += WIDTH) {
    for (let j = 0, w = 0; j < WIDTH; j++, at++) {
      const value = x[at];
      for (let k = row; k < row + WIDTH; k++, w++) out[k] += value * W[w];
    }
  }
  return out;
}

/** Rows of x times W transposed. */
function timesTransposed(x, W) {
  const out = new Float64Array(ROWS * WIDTH);
  for (let row = 0, at = 0; row < ROWS * WIDTH; row += WIDTH) {
    for (let j = 0, w = 0; j < WIDTH; j++, at++) {
      let sum = 0;
      for (let k = row; k < row + WIDTH; k++, w++) sum += x[k] * W[w];
      out[at] = sum;
    }
  }
  return out;
}

/**
 * The sizes of the answers of each layer, and of the gradients in its scores: in goes a signal of chance, and back comes
 * a gradient of chance. `chance` holds the normals of the seed: first these two, then the weights of each layer.
 * `layers` are those that were worked out before, with the same chance, activation and start: more are added if need be.
 */
export function sizes(chance, depth, activation, start, layers = []) {
  const { f, slope } = CURVES[activation], s = STARTS[start], back = new Array(depth);
  const block = (k) => chance.subarray(k * BLOCK, (k + 1) * BLOCK), first = (k) => block(k).subarray(0, ROWS * WIDTH);
  while (layers.length < depth) {
    const W = block(layers.length + 2).map((value) => s * value), z = times(layers.at(-1)?.h ?? first(0), W), h = z.map((value) => f(value));
    layers.push({ W, z, h, bent: z.map((value, i) => slope(value, h[i])), size: size(h) });
  }
  let message = first(1);
  for (let layer = depth - 1; layer >= 0; layer--) {
    const { W, bent } = layers[layer], delta = message.map((value, i) => value * bent[i]);
    back[layer] = size(delta);
    if (layer) message = timesTransposed(delta, W);
  }
  return { signal: layers.slice(0, depth).map((one) => one.size), back };
}

/** What a layer multiplies by, the typical one: the signal on its way in, the gradient on its way back. */
export const factors = ({ signal, back }) => {
  const root = 1 / (signal.length - 1);
  return [(signal.at(-1) / signal[0]) ** root, (back[0] / back.at(-1)) ** root];
};

/** The word for such a factor of the gradient. */
export const verdict = (factor) => (factor < 0.8 ? "vanishes" : factor > 1.25 ? "explodes" : "stays about level");

const KEYS = ["depth", "activation", "start", "seed"], LOG = [-20, 20];
const power = (value) => (value >= 0.01 && value < 1000 ? number(value, 2) : value.toExponential(0).replace("-", "\u2212").replace("+", ""));

function render({ model, el }) {
  const at = stage({ model, el }, "depth", "Signal and gradient through depth");
  const cache = { seed: null, chance: null, of: "", layers: [] };
  const title = (...words) => html("p", { class: "nn-title" }, ...words);
  const panel = (label, kind) => {
    const chart = plane({ x: [0, DEEPEST + 1], y: LOG, width: 330, height: 250, margin: 46, label, xLabel: "layer", ticks: { x: [1, 10, 20, 30, 40, 50], y: [] } });
    set(chart.drawing, { role: "img" });
    for (const exponent of [-20, -10, 0, 10, 20]) {
      const y = chart.y(exponent);
      chart.ink.append(svg("line", { class: exponent ? "nn-grid" : "nn-level", x1: chart.left, x2: chart.right, y1: y, y2: y }),
        svg("text", { class: "nn-quiet", x: chart.left - 5, y: y + 4, "text-anchor": "end" }, exponent ? `1e${number(exponent)}` : "1"));
    }
    const line = svg("polyline", { class: kind }), dots = svg("g"), edge = svg("text", { class: "nn-says" });
    chart.ink.append(line, dots, edge);
    return { chart, line, dots, edge, kind };
  };
  const inward = panel("Size of the signal at each layer", "nn-in"), back = panel("Size of the gradient at each layer, against the last layer", "nn-back"), says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "activation", "activation", ["sigmoid", "tanh", "relu"].map((name) => [name, name])),
      choice(at, "start", "weights", [["0.01", "s = 0.01"], ["Glorot", "Glorot (s = 0.18)"], ["He", "He (s = 0.25)"], ["1", "s = 1"]]),
      button(at, "Other weights", () => at.put({ seed: at.get("seed") + 1 })),
      slider(at, "depth", "layers", { min: 2, max: DEEPEST, step: 1, page: 5, show: String })),
    html("div", { class: "nn-columns" }, html("div", {}, title("Signal on its way in \u2192"), inward.chart.drawing), html("div", {}, title("\u2190 Gradient on its way back"), back.chart.drawing)), says);

  /** A dot a layer, as far as the frame reaches; beyond it an arrow with the last value. */
  function show({ chart, line, dots, edge, kind }, values, end) {
    const points = values.map((value, i) => [chart.x(i + 1), Math.log10(value)]), seen = points.filter(([, y]) => y >= LOG[0] && y <= LOG[1]).map(([x, y]) => [x, chart.y(y)]);
    set(line, { points: coordinates(seen) });
    redraw(dots, seen.map(([x, y]) => (kind === "nn-in" ? ["circle", { class: kind, cx: x.toFixed(1), cy: y.toFixed(1), r: 2.6 }] : ["rect", { class: kind, x: (x - 2.4).toFixed(1), y: (y - 2.4).toFixed(1), width: 4.8, height: 4.8 }])));
    const [x, y] = points[end], right = x < chart.x(38);
    set(edge, { x: right ? x + 6 : x - 6, y: clamp(chart.y(clamp(y, ...LOG)) + (y < -1 ? 16 : -8), chart.top + 14, chart.bottom - 6), "text-anchor": right ? "start" : "end" });
    edge.textContent = `${power(values[end])}${y > LOG[1] ? " \u25b2" : y < LOG[0] ? " \u25bc" : ""}`;
  }

  function refresh() {
    const [depth, activation, start, seed] = KEYS.map(at.get);
    if (cache.seed !== seed) Object.assign(cache, { seed, chance: normals(seed, 0, BLOCK * (DEEPEST + 2)) });
    const of = [seed, activation, start].join();
    if (cache.of !== of) Object.assign(cache, { of, layers: [] });
    const told = sizes(cache.chance, depth, activation, start, cache.layers), [ahead, behind] = factors(told), relative = told.back.map((value) => value / told.back.at(-1));
    show(inward, told.signal, depth - 1);
    show(back, relative, 0);
    says.textContent = `${depth} layers of ${activation} neurons: each multiplies the signal by about ${number(ahead)}; after the last its size is ${power(told.signal.at(-1))}. ` +
      `On its way back each multiplies the gradient by about ${number(behind)}: ${power(relative[0])} of it arrives at the first layer. It ${verdict(behind)}.`;
  }

  at.watch(KEYS, refresh);
  refresh();
  return at.close;
}

export default { render };
