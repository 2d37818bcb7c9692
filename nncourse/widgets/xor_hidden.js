import { boundary, button, choice, clamp, coordinates, html, mark, number, plane, same, set, shading, slider, stage, status, svg, write } from "./kit.js";

export const X = [[0, 0], [0, 1], [1, 0], [1, 1]], Y = [0, 1, 1, 0];
export const PRESETS = {
  "one neuron": { activation: "linear", W1: [[1, 1], [1, 1]], b1: [-0.5, -0.5], W2: [1, 1], b2: 0 },
  "OR and NAND": { activation: "step", W1: [[6, -6], [6, -6]], b1: [-3, 9], W2: [6, 6], b2: -9 },
};

export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** Each activation, and its slope written with its output. */
export const ACTIVATIONS = {
  linear: { f: (a) => a, slope: () => 1 },
  step: { f: (a) => (a >= 0 ? 1 : 0), slope: () => 0 },
  sigmoid: { f: sigmoid, slope: (h) => h * (1 - h) },
};

/** One row through the network: h = f(x W1 + b1), then the logit z = h W2 + b2. */
export function forward({ activation, W1, b1, W2, b2 }, [x1, x2]) {
  const { f } = ACTIVATIONS[activation];
  const h = [f(x1 * W1[0][0] + x2 * W1[1][0] + b1[0]), f(x1 * W1[0][1] + x2 * W1[1][1] + b1[1])];
  return { h, z: h[0] * W2[0] + h[1] * W2[1] + b2 };
}

/** The same network as a function of two numbers, p(x1, x2): no lists, since a map asks it thousands of times. */
export function answer({ activation, W1: [[w11, w12], [w21, w22]], b1: [c1, c2], W2: [v1, v2], b2 }) {
  const { f } = ACTIVATIONS[activation];
  return (x1, x2) => sigmoid(f(x1 * w11 + x2 * w21 + c1) * v1 + f(x1 * w12 + x2 * w22 + c2) * v2 + b2);
}

/** The logistic loss of one logit, log(1 + e^z) - z y, so that no exponential overflows. */
export const logisticLoss = (z, y) => Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));

/** The mean loss over the four rows of XOR and its gradients, all from the same weights. */
export function gradients(network) {
  const { slope } = ACTIVATIONS[network.activation];
  const dW1 = [[0, 0], [0, 0]], db1 = [0, 0], dW2 = [0, 0];
  let db2 = 0, loss = 0;
  X.forEach((x, n) => {
    const { h, z } = forward(network, x), dz = (sigmoid(z) - Y[n]) / 4;
    loss += logisticLoss(z, Y[n]) / 4;
    db2 += dz;
    for (const j of [0, 1]) {
      const da = dz * network.W2[j] * slope(h[j]);
      dW2[j] += dz * h[j];
      db1[j] += da;
      dW1[0][j] += da * x[0];
      dW1[1][j] += da * x[1];
    }
  });
  return { loss, dW1, db1, dW2, db2 };
}

/** Full-batch gradient descent: every epoch is one step of all nine numbers together. */
export function train(network, learning_rate, epochs) {
  let { W1, b1, W2, b2 } = network;
  const move = (values, slopes) => values.map((value, i) => value - learning_rate * slopes[i]);
  for (let i = 0; i < epochs; i++) {
    const g = gradients({ activation: network.activation, W1, b1, W2, b2 });
    W1 = W1.map((row, k) => move(row, g.dW1[k]));
    [b1, W2, b2] = [move(b1, g.db1), move(W2, g.dW2), b2 - learning_rate * g.db2];
  }
  return { W1, b1, W2, b2 };
}

/** Weights between -1 and 1 for a seed, by mulberry32 (Ettinger, 2017), in the order W1, b1, W2, b2. */
export function randomStart(seed) {
  const p = Array.from({ length: 9 }, (_, i) => {
    let a = (seed + (i + 1) * 0x6d2b79f5) | 0;
    a = Math.imul(a ^ (a >>> 15), a | 1);
    a ^= a + Math.imul(a ^ (a >>> 7), a | 61);
    return 2 * (((a ^ (a >>> 14)) >>> 0) / 2 ** 32) - 1;
  });
  return { activation: "sigmoid", W1: [p.slice(0, 2), p.slice(2, 4)], b1: p.slice(4, 6), W2: p.slice(6, 8), b2: p[8] };
}

/** Can one line part the classes of four points? Two segments are apart when an axis along or across a pair says so. */
export function separable(points) {
  const size = Math.max(1e-12, ...points.flat().map(Math.abs));
  const gap = (axis) => {
    const s = points.map(([a, b]) => (a * axis[0] + b * axis[1]) / (size * Math.hypot(...axis)));
    return Math.max(Math.min(s[1], s[2]) - Math.max(s[0], s[3]), Math.min(s[0], s[3]) - Math.max(s[1], s[2]));
  };
  return points.some((p, i) => points.slice(i + 1).some((q) => {
    const d = [q[0] - p[0], q[1] - p[1]];
    return Math.hypot(...d) > 1e-9 * size && (gap(d) > 1e-9 || gap([-d[1], d[0]]) > 1e-9);
  }));
}

const NETWORK = ["activation", "W1", "b1", "W2", "b2"], KEYS = [...NETWORK, "epochs"];
const NAMES = ["00", "01", "10", "11"], UNIT = [-0.5, 1.5];
const PRESET_NAMES = [["one neuron", "one neuron is not enough"], ["OR and NAND", "OR and NAND"], ["random", "a random start"], ["own", "my own weights"]];

/** A weight vector drawn as an arrow: its length grows with the weights but stays inside the plane. */
const toLength = (size) => 0.08 + (0.3 * size) / (size + 5);
const toSize = (length) => { const q = clamp((length - 0.08) / 0.3, 0.002, 0.8); return (5 * q) / (1 - q); };

/** A weighted sum as on the board: "6x1 - x2 + 9", where neither a factor 1 nor a bias 0 is written. */
function sum(weights, inputs, bias) {
  const terms = [...weights.map((w, i) => [w, inputs[i]]), [bias, ""]].filter(([value, name]) => name || value);
  return terms.map(([value, name], i) => {
    const sign = value < 0 ? "\u2212" : i ? "+" : "", size = number(Math.abs(value));
    return `${i ? ` ${sign} ` : sign}${name && size === "1" ? "" : size}${name}`;
  }).join("");
}

/** A plane with its shaded map, the four points, the net of lines that the hidden layer bends, and room for neurons. */
function scene(at, range, ticks, label, names) {
  const map = plane({ x: range, y: range, label, xLabel: names[0], yLabel: names[1], ticks: { x: ticks, y: ticks } });
  const shade = shading(at, map, range, range), net = svg("path", { class: "nn-net" }), lines = svg("g"), marks = svg("g", { "aria-hidden": "true" }), neurons = svg("g");
  map.ink.append(net, lines, marks, neurons);
  return { map, range, shade, net, lines, marks, neurons, arrows: [], painted: "" };
}

const tidy = (value) => Math.round(value * 1000) / 1000; // by hand nobody sets a tenth decimal

/** The line of one neuron with two handles: the foot shifts the line, the tip turns the weight vector and stretches it. */
function arrow(at, { map, range: [low, high], lines, neurons }, name, text, spread, read, write) {
  const span = high - low, inside = (value) => clamp(value, low + 0.04 * span, high - 0.04 * span);
  const line = svg("polyline", { class: "nn-line" }), shaft = svg("line", { class: "nn-line nn-shaft" });
  const handle = (what, ...children) => svg("g", { class: "nn-drag", tabindex: 0, role: "button", "aria-roledescription": "handle", "aria-label": what }, svg("circle", { class: "nn-halo", r: 16 }), ...children);
  const foot = handle("", svg("circle", { class: "nn-foot", r: 5 }));
  const tip = handle("", svg("circle", { class: "nn-tip", r: 11 }), svg("text", { "text-anchor": "middle", y: 4 }, text));
  let spot = null; // where on its line the foot stands: a matter of the view alone
  lines.append(line, shaft);
  neurons.append(foot, tip);

  const headOf = ([w1, w2], [x, y]) => {
    const size = Math.hypot(w1, w2), long = toLength(size) * span;
    return size ? [x + (long * w1) / size, y + (long * w2) / size] : [x, y + long];
  };
  const within = (point) => point.every((value) => value === inside(value));
  const placeOf = ([w1, w2], b) => {
    const size = Math.hypot(w1, w2), middle = (low + high) / 2;
    if (spot && (!size || Math.abs(b + w1 * spot[0] + w2 * spot[1]) < 0.002 * span * size)) return spot;
    if (!size) return (spot = [middle, middle]);
    const off = (b + (w1 + w2) * middle) / size, turn = w2 > 0 || (w2 === 0 && w1 > 0) ? span / size : -span / size;
    const spots = [1, 0.5, 1.5, 0, -0.5, -1, -1.5].map((part) => part * spread * turn)
      .map((along) => [middle - (off * w1) / size - along * w2, middle - (off * w2) / size + along * w1]);
    return (spot = spots.find((one) => within(one) && within(headOf([w1, w2], one))) ?? spots[0]);
  };
  const moveFoot = (to) => {
    const { w } = read();
    spot = to.map(inside);
    write(w, tidy(-(w[0] * spot[0] + w[1] * spot[1])));
  };
  const moveTip = (to) => {
    const { w, b } = read(), from = placeOf(w, b).map(inside), d = [to[0] - from[0], to[1] - from[1]], long = Math.hypot(...d);
    if (!long) return;
    const size = toSize(long / span), next = d.map((part) => tidy((size * part) / long));
    spot = from;
    write(next, tidy(-(next[0] * from[0] + next[1] * from[1])));
  };
  for (const [group, move, where] of [[foot, moveFoot, () => placeOf(read().w, read().b).map(inside)], [tip, moveTip, () => headOf(read().w, placeOf(read().w, read().b).map(inside))]]) {
    let grip = [0, 0];
    at.listen(group, "pointerdown", (event) => {
      const pointer = map.at(event), here = where();
      grip = [here[0] - pointer[0], here[1] - pointer[1]];
      group.setPointerCapture(event.pointerId);
      group.focus({ preventScroll: true });
    });
    at.listen(group, "pointermove", (event) => {
      if (group.hasPointerCapture(event.pointerId)) move(map.at(event).map((value, i) => value + grip[i]));
    });
    at.listen(group, "keydown", (event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!by) return;
      event.preventDefault();
      move(where().map((value, i) => value + (by[i] * span) / (event.shiftKey ? 200 : 40)));
    });
  }
  return function draw() {
    const { w, b } = read(), at0 = placeOf(w, b).map(inside), head = headOf(w, at0).map(inside);
    const px = ([x, y]) => [map.x(x), map.y(y)], place = (point) => `translate(${px(point).map((value) => value.toFixed(2)).join(" ")})`;
    set(line, { points: coordinates(boundary(w, b, [low, high], [low, high]).map(px)) });
    set(shaft, { x1: px(at0)[0], y1: px(at0)[1], x2: px(head)[0], y2: px(head)[1] });
    set(foot, { transform: place(at0), "aria-label": `${name}: shift its line; bias ${number(b)}` });
    set(tip, { transform: place(head), "aria-label": `${name}: turn and stretch its weights (${w.map((value) => number(value)).join(", ")})` });
  };
}

function render({ model, el }) {
  const at = stage({ model, el }, "xor", "XOR and what two hidden neurons do to it");
  const state = () => Object.fromEntries(KEYS.map((key) => [key, at.get(key)]));
  const byHand = (changes) => at.put({ ...changes, preset: "own", epochs: 0 });
  const random = (seed) => ({ ...randomStart(seed), preset: "random", seed, epochs: 0 });
  const begin = (preset) => at.put(preset === "random" ? random(at.get("seed")) : { ...PRESETS[preset], preset, epochs: 0 });
  const trained = (count) => at.put({ ...train(state(), at.get("learning_rate"), count), epochs: at.get("epochs") + count });

  const starting = html("div", { class: "nn-controls" },
    choice(at, "preset", "weights", PRESET_NAMES, begin),
    choice(at, "activation", "hidden activation", [["linear", "none (linear)"], ["step", "step"], ["sigmoid", "sigmoid"]], (activation) => at.put({ activation, epochs: 0 })));
  const training = html("div", { class: "nn-controls" },
    button(at, "Train 100 epochs", () => trained(100)), button(at, "1000 epochs", () => trained(1000)),
    button(at, "New random start", () => at.put({ ...random((at.get("seed") + 1) % 2 ** 32), activation: at.get("activation") })),
    slider(at, "learning_rate", "learning rate", { min: 0.1, max: 5, step: 0.1 }));

  // Two scenes; that of the hidden layer is chosen to hold its points
  const inputs = scene(at, UNIT, [0, 1], "The inputs: the answer of the network and the lines of the hidden neurons", ["x\u2081", "x\u2082"]);
  inputs.arrows = [0, 1].map((j) => arrow(at, inputs, `hidden neuron h${j + 1}`, `h${"\u2081\u2082"[j]}`, j ? -0.15 : 0.15,
    () => ({ w: at.get("W1").map((row) => row[j]), b: at.get("b1")[j] }),
    (w, b) => byHand({ W1: at.get("W1").map((row, i) => row.map((old, k) => (k === j ? w[i] : old))), b1: at.get("b1").map((old, k) => (k === j ? b : old)) })));
  inputs.lines.children[2].classList.add("nn-second");
  const hiddenScenes = new Map(), room = html("div", {});
  function hiddenScene(points, activation) {
    const size = Math.max(...points.flat().map(Math.abs));
    const reach = activation === "linear" ? [1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => one * 0.95 >= size) ?? 10 ** Math.ceil(Math.log10(size) + 0.1) : 0;
    if (!hiddenScenes.has(reach)) {
      const [range, ticks] = reach ? [[-1.25 * reach, 1.25 * reach], [-reach, 0, reach]] : [UNIT, [0, 1]];
      const made = scene(at, range, ticks, "The hidden space: where the hidden layer puts the four points, and the line of the output neuron", ["h\u2081", "h\u2082"]);
      made.arrows = [arrow(at, made, "output neuron", "p", 0.25, () => ({ w: at.get("W2"), b: at.get("b2") }), (w, b) => byHand({ W2: w, b2: b }))];
      hiddenScenes.set(reach, made);
    }
    const chosen = hiddenScenes.get(reach);
    if (room.firstChild !== chosen.shade.figure) room.replaceChildren(chosen.shade.figure);
    return chosen;
  }

  const says = status();
  const rows = html("tbody", {}, ...NAMES.map((name) => html("tr", {}, html("th", { scope: "row" }, name), ...[1, 2, 3, 4, 5].map(() => html("td")))));
  const formulas = html("div", { class: "nn-formulas" }, ...[1, 2, 3].map(() => html("span")));
  const table = html("table", {}, html("caption", {}, "The four points"),
    html("thead", {}, html("tr", {}, ...["x", "h\u2081", "h\u2082", "output p", "target", ""].map((name) => html("th", { scope: "col" }, name)))), rows);
  at.root.append(starting,
    html("div", { class: "nn-columns" },
      html("div", {}, html("p", { class: "nn-title" }, "Input space"), inputs.shade.figure),
      html("div", {}, html("p", { class: "nn-title" }, "Hidden space"), room)),
    training, says, html("div", { class: "nn-columns" }, table, html("div", {}, html("p", { class: "nn-title" }, "The three neurons"), formulas)),
    html("p", { class: "nn-hint" }, "Dotted ground: the network answers 1. Drag a dot to shift its line, a ring to turn the line and stretch the weights; the ring stands on the side where the neuron fires. With the keyboard: Tab to a dot or ring, arrow keys move it, with Shift in small steps."));

  function drawScene(scene, places, bend, verdicts, weights, probability) {
    const { map, net, marks, shade, arrows } = scene;
    if (!same(scene.painted, weights)) shade.paint(probability);
    scene.painted = weights;
    const px = (point) => { const [x, y] = bend(point); return `${map.x(x).toFixed(1)} ${map.y(y).toFixed(1)}`; };
    const ruler = Array.from({ length: 21 }, (_, i) => i / 20);
    set(net, { d: [0, 0.25, 0.5, 0.75, 1].map((c) => `M${ruler.map((s) => px([c, s])).join("L")}M${ruler.map((s) => px([s, c])).join("L")}`).join("") });
    const spots = places.map(([x, y]) => [map.x(x), map.y(y)]);
    const middle = [0, 1].map((i) => (spots[0][i] + spots[1][i] + spots[2][i] + spots[3][i]) / 4);
    const near = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) < 14;
    marks.replaceChildren(...[1, 2, 0, 3].map((i) => {
      const [x, y] = spots[i], first = spots.findIndex((spot) => near(spot, spots[i])) === i;
      const text = first ? NAMES.filter((_, k) => near(spots[k], spots[i])).join(", ") : "";
      const left = x < middle[0] - 1 || x + 12 + 7 * text.length > map.right; // labels point away from the middle of the four
      const tag = svg("text", { class: "nn-tag", x: left ? -12 : 12, y: y > middle[1] - 1 ? 20 : -11, "text-anchor": left ? "end" : "start" }, text);
      return svg("g", { transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})` }, ...(verdicts[i] ? [] : [svg("circle", { class: "nn-ring nn-miss", r: 13 })]), mark(Y[i], Y[i] ? 7.5 : 6.5), tag);
    }));
    for (const draw of arrows) draw();
  }

  function draw() {
    const now = state(), seen = X.map((x) => forward(now, x)), h = seen.map((one) => one.h);
    const verdicts = seen.map(({ z }, i) => (z >= 0 ? 1 : 0) === Y[i]), { W2, b2 } = now;
    drawScene(inputs, X, (x) => x, verdicts, now, answer(now));
    drawScene(hiddenScene(h, now.activation), h, (x) => forward(now, x).h, verdicts, [W2, b2], (h1, h2) => sigmoid(h1 * W2[0] + h2 * W2[1] + b2));
    seen.forEach(({ h: [h1, h2], z }, i) => [number(h1), number(h2), number(sigmoid(z)), String(Y[i]), verdicts[i] ? "\u2713 right" : "\u2717 wrong"]
      .forEach((text, k) => write(rows.children[i].children[k + 1], text)));
    const wrap = (text) => ({ linear: text, step: `step(${text})`, sigmoid: `\u03c3(${text})` })[now.activation];
    [
      ...[0, 1].map((j) => `h${"\u2081\u2082"[j]} = ${wrap(sum(now.W1.map((row) => row[j]), ["x\u2081", "x\u2082"], now.b1[j]))}`),
      `p = \u03c3(${sum(W2, ["h\u2081", "h\u2082"], b2)})`].forEach((text, k) => write(formulas.children[k], text));
    write(says, inWords(now, h, verdicts));
  }

  function inWords(now, h, verdicts) {
    const g = gradients(now), count = verdicts.filter(Boolean).length;
    const steepest = Math.max(...[g.dW1, g.db1, g.dW2, g.db2].flat(2).map(Math.abs));
    const wide = Math.max(...h.flat()) - Math.min(...h.flat()), apart = Math.hypot(h[1][0] - h[2][0], h[1][1] - h[2][1]);
    const side = (k) => [h[k][0] - h[0][0], h[k][1] - h[0][1]], flat = Math.abs(side(1)[0] * side(2)[1] - side(1)[1] * side(2)[0]) < 1e-6 * wide * wide;
    const before = now.epochs ? `After ${now.epochs} epochs: ` : "";
    const where = now.activation === "linear"
      ? `Without an activation the four points stay a parallelogram${flat ? ", here a flat one" : ""}, each class on a diagonal: no line parts them.`
      : separable(h)
        ? `In hidden space ${apart <= 0.1 * wide ? "(0,1) and (1,0) lie together, and " : ""}one line can part the classes${count === 4 ? "." : "; that of p does not yet."}`
        : "In hidden space no line can part the classes.";
    const stuck = now.epochs
      ? ` The largest slope of the loss is ${steepest < 0.0005 && steepest > 1e-9 ? steepest.toExponential(0).replace("-", "\u2212") : number(steepest, 3)}.${now.activation === "step" ? " A step has slope 0, so training moved the output neuron alone." : ""}` : "";
    return `${before}${count} of 4 right; loss ${number(g.loss, g.loss < 0.1 ? 4 : 2)}. ${where}${stuck}`;
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
