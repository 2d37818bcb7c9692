import { clamp, coordinates, html, number, plane, set, slider, stage, status, svg } from "./kit.js";

export const START = 4;
export const NEAR = 0.001;
const MOST = 10000;

/** The loss of the parabola, a/2 w^2; its slope is a w. */
export const loss = (a, w) => (a / 2) * (w * w);

/** The weights of gradient descent from the start on. */
export function walk(a, rate, steps) {
  const path = [START];
  for (let t = 0; t < steps; t++) path.push(path[t] - rate * (a * path[t]));
  return path;
}

/** What every step multiplies the weight by. */
export const factor = (a, rate) => 1 - rate * a;

/** The name of what the weight does, from its factor. */
export function regime(f) {
  if (Math.abs(f) < 1e-9) return "one step";
  if (Math.abs(f + 1) < 1e-9) return "for ever";
  return f > 0 ? "slides" : f > -1 ? "hops" : "climbs out";
}

/** How many steps bring the weight within 0.001 of the bottom; `null` where it never comes there. */
export function stepsNeeded(a, rate) {
  if (["for ever", "climbs out"].includes(regime(factor(a, rate)))) return null;
  let w = START, t = 0;
  for (; Math.abs(w) >= NEAR && t < MOST; t++) w -= rate * (a * w);
  return Math.abs(w) < NEAR ? t : null;
}

/** A path as far as it stays inside the rectangle, and on to the border where it first leaves. */
export function inside(path, [x0, x1], [y0, y1]) {
  const out = path.findIndex(([x, y]) => x < x0 || x > x1 || y < y0 || y > y1);
  if (out < 1) return out ? path : [];
  const [[ax, ay], [bx, by]] = [path[out - 1], path[out]];
  const share = (from, to, low, high) => (to > high ? (high - from) / (to - from) : to < low ? (low - from) / (to - from) : 1);
  const t = Math.min(share(ax, bx, x0, x1), share(ay, by, y0, y1));
  return [...path.slice(0, out), [ax + t * (bx - ax), ay + t * (by - ay)]];
}

const STEPS = 60, X = [-8, 8], Y = [0, 40], T = [0, STEPS], LOG = [-3.6, 3.4];
const KEYS = ["curvature", "learning_rate", "keep", "kept"];
const THREE = ["slides", "hops", "climbs out"];

/** Step and log10 of the distance; a weight at the very bottom stands on the lower border and ends the path. */
function distances(path) {
  const end = path.findIndex((w) => Math.abs(w) < 1e-12);
  const kept = end < 0 ? path : path.slice(0, end + 1);
  return kept.map((w, t) => [t, t === end ? LOG[0] : Math.log10(Math.abs(w))]);
}

function render({ model, el }) {
  const at = stage({ model, el }, "step", "How large may a step be?");

  // Controls
  const keep = html("input", { type: "checkbox", name: "keep" });
  at.listen(keep, "change", () => at.put({ keep: keep.checked, kept: [at.get("curvature"), at.get("learning_rate")] }));

  // Drawings
  const strip = svg("svg", { viewBox: "0 0 340 64", role: "img", class: "nn-strip" });
  const bowl = plane({ x: X, y: Y, width: 320, height: 210, margin: 34, label: "The walk on the parabola of the loss", xLabel: "weight w (\u25cf right, \u25cb left of the bottom)", yLabel: "loss", ticks: { x: [-8, -4, 0, 4, 8], y: [0, 20, 40] } });
  const curve = svg("polyline", { class: "nn-line nn-curve" }), hops = svg("polyline", { class: "nn-line" }), places = svg("g"), begin = svg("text", {}, "start");
  bowl.ink.append(curve, hops, places, begin);
  const chart = plane({ x: T, y: LOG, width: 320, height: 215, margin: 42, label: "Distance from the bottom per step, on a logarithmic axis", ticks: { x: [0, 20, 40, 60], y: [] } });
  for (const power of [-3, -2, -1, 0, 1, 2, 3]) {
    const y = chart.y(power), near = power === -3;
    chart.ink.append(svg("line", { class: near ? "nn-near" : "nn-grid", x1: chart.left, x2: chart.right, y1: y, y2: y }));
    chart.ink.append(svg("text", { class: "nn-quiet", x: chart.left - 5, y: y + 4, "text-anchor": "end" }, String(10 ** power)));
  }
  const old = svg("polyline", { class: "nn-line nn-old" }), line = svg("polyline", { class: "nn-line" }), dots = svg("g");
  const memory = svg("text", { class: "nn-quiet", x: (chart.left + chart.right) / 2, y: chart.bottom + 33, "text-anchor": "middle" });
  chart.ink.append(old, line, dots, memory);
  for (const { drawing } of [bowl, chart]) set(drawing, { role: "img" });

  const says = status();
  const title = (text) => html("p", { class: "nn-title" }, text);
  at.root.append(
    html("div", { class: "nn-controls" },
      slider(at, "curvature", "curvature a", { min: 0.5, max: 4, step: 0.5, page: 1 }),
      slider(at, "learning_rate", "learning rate \u03b7", { min: 0.05, max: 2.5, step: 0.05, page: 0.25 })),
    strip, says,
    html("div", { class: "nn-columns" },
      html("div", {}, title("Loss: the walk"), bowl.drawing),
      html("div", {}, title("Distance from the bottom, logarithmic"), chart.drawing)),
    html("div", { class: "nn-controls" }, html("label", { class: "nn-toggle" }, keep, html("span", {}, "keep this walk as a dashed line"))));

  /** One dot a step: full on the right of the bottom, where the walk begins, and open on the left. */
  const dot = (to, [x, y], w, r) => svg("circle", { class: w < 0 ? "nn-left" : "nn-right", cx: to.x(x).toFixed(2), cy: to.y(y).toFixed(2), r });
  const pixels = (to, path) => coordinates(path.map(([x, y]) => [to.x(x), to.y(y)]));

  /** The line of all factors, from 1 on the left to -2, with the place of this one. */
  function drawStrip(f, name) {
    const x = (value) => 10 + ((1 - clamp(value, -2, 1)) / 3) * 320, here = x(f);
    const ends = [1, 0, -1, -2], parts = THREE.flatMap((zone, i) => {
      const left = x(ends[i]), wide = x(ends[i + 1]) - left, now = zone === name ? " nn-here" : "";
      return [svg("rect", { class: `nn-zone${now}`, x: left, y: 27, width: wide, height: 20 }), svg("text", { class: now, x: left + wide / 2, y: 41, "text-anchor": "middle" }, zone)];
    });
    const marks = [["1", 1, "start"], ["0: one step", 0, "middle"], ["\u22121: for ever", -1, "middle"]].map(([text, value, anchor]) =>
      svg("text", { class: text.endsWith(name) ? "nn-here" : "nn-quiet", x: x(value), y: 61, "text-anchor": anchor }, text));
    const edges = [0, -1].map((value) => svg("line", { class: "nn-edge", x1: x(value), x2: x(value), y1: 24, y2: 50 }));
    const far = f < -2 ? " \u25ba" : "";
    set(strip, { "aria-label": `factor ${number(f, 3)}: ${name}` });
    strip.replaceChildren(...parts, ...edges, ...marks,
      svg("polygon", { class: "nn-hand", points: `${here - 6},15 ${here + 6},15 ${here},26` }),
      svg("text", { class: "nn-here", x: clamp(here, 70, 262), y: 11, "text-anchor": "middle" }, `factor 1 \u2212 \u03b7a = ${number(f, 3)}${far}`));
  }

  function tell(a, rate, f, name) {
    const needed = stepsNeeded(a, rate), count = needed === null ? `more than ${MOST} steps` : `${needed} steps`, later = Math.abs(walk(a, rate, 10)[10]);
    return `Factor ${number(f, 3)}: ` + {
      slides: `slides in from its own side; ${count} to come within ${NEAR}.`,
      "one step": "lands on the bottom in one step, because \u03b7 = 1/a.",
      hops: `hops from side to side and arrives; ${count} to come within ${NEAR}.`,
      "for ever": "hops to and fro for ever and comes no closer, because \u03b7 = 2/a.",
      "climbs out": `climbs out, each hop ends higher; after 10 steps it is ${later < 1e6 ? number(later, 1) : "more than a million"} away.`,
    }[name];
  }

  function draw() {
    const [a, rate, kept, [oldA, oldRate]] = KEYS.map((key) => at.get(key)), f = factor(a, rate), name = regime(f);
    const path = walk(a, rate, STEPS), reach = Math.min(X[1], Math.sqrt((2 * Y[1]) / a));
    set(curve, { points: pixels(bowl, Array.from({ length: 81 }, (_, i) => (i / 40 - 1) * reach).map((w) => [w, Math.min(Y[1], loss(a, w))])) });
    const shown = inside(path.map((w) => [w, loss(a, w)]), X, Y), left = shown.length && shown.at(-1)[1] >= Y[1];
    set(hops, { points: pixels(bowl, shown) });
    places.replaceChildren(...shown.slice(0, left ? -1 : undefined).map((point, t) => dot(bowl, point, path[t], t ? 3.5 : 5.5)));
    set(begin, { x: bowl.x(START) + 9, y: bowl.y(loss(a, START)) + 12 });

    const far = distances(path), drawn = inside(far, T, LOG);
    set(line, { points: pixels(chart, drawn) });
    dots.replaceChildren(...far.filter(([, y]) => y >= LOG[0] && y <= LOG[1]).map((point) => dot(chart, point, path[point[0]], 2.4)));
    set(old, { points: kept ? pixels(chart, inside(distances(walk(oldA, oldRate, STEPS)), T, LOG)) : "" });
    memory.textContent = kept ? `step (dashed: a = ${number(oldA)}, \u03b7 = ${number(oldRate)})` : "step";
    keep.checked = kept;
    drawStrip(f, name);
    says.textContent = tell(a, rate, f, name);
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
