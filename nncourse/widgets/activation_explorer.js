import { choice, clamp, html, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";
import { ACTIVATIONS } from "./engine.js";

const CURVES = { step: { f: (z) => (z >= 0 ? 1 : 0), slope: () => 0 }, ...ACTIVATIONS };
const FAR = 6, LITTLE = 0.01;

/** What a neuron answers to the score z. */
export const answer = (name, z) => CURVES[name].f(z);

/** How much more it would answer if the score were a little larger, counted per unit of score. */
export const steepness = (name, z) => CURVES[name].slope(z, answer(name, z));

/**
 * Where a neuron hardly hears a correction, as a list of [from, to]: the scores, from either end of the axis inwards,
 * at which the slope stays nearer to 0 than LITTLE. (GELU's slope passes through 0 once more. That is no such place.)
 */
export function deafZones(name) {
  const flat = (z) => Math.abs(steepness(name, z)) < LITTLE, cells = 240;
  const edge = (side) => {
    const at = (i) => side * FAR * (1 - (2 * i) / cells);
    let i = 0;
    while (i <= cells && flat(at(i))) i++;
    if (i === 0 || i > cells) return i ? -side * FAR : null;
    let [inside, outside] = [at(i - 1), at(i)];
    for (let n = 0; n < 60; n++) {
      const middle = (inside + outside) / 2;
      if (flat(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  const left = edge(-1), right = edge(1);
  if (left === FAR) return [[-FAR, FAR]];
  return [...(left === null ? [] : [[-FAR, left]]), ...(right === null ? [] : [[right, FAR]])];
}

/** One word for what it hears of a correction: flat, silent, leaking, saturated or open. */
export function verdict(name, z) {
  if (name === "step") return "flat";
  if (z <= 0 && name === "relu") return "silent";
  if (z <= 0 && name === "leaky_relu") return "leaking";
  return deafZones(name).some(([from, to]) => z >= from && z <= to) ? "saturated" : "open";
}

const TITLES = { step: "step", sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", leaky_relu: "leaky ReLU", elu: "ELU", softplus: "softplus", gelu: "GELU", linear: "linear" };
const WORDS = {
  flat: "flat: at no score does it hear a correction",
  silent: "silent: it hears nothing of a correction",
  leaking: "on its leak: it hears a hundredth of a correction",
  saturated: `saturated: slope nearer to 0 than ${LITTLE}, here and further out`,
  open: "not saturated",
};
const SHORT = { step: "flat", relu: "silent" };
const KEYS = ["function", "other", "z", "zones"];
const few = (value, digits = 3) => (value && Math.abs(value) < 0.001 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)))).replaceAll("-", "\u2212");
const snap = (z) => Math.round(clamp(z, -FAR, FAR) * 10) / 10 || 0; // no "-0"

function render({ model, el }) {
  const at = stage({ model, el }, "activation", "A curve and its slope");
  const ticks = [-6, -4, -2, 0, 2, 4, 6];

  /** One plane: the zones, two curves, a thread at z, a handle on the solid curve and a diamond on the dashed one. */
  function scene(of, range, height, yTicks, title, label, xLabel) {
    const map = plane({ x: [-FAR, FAR], y: range, width: 340, height, margin: 32, label, xLabel, ticks: { x: ticks, y: yTicks } });
    const zones = svg("g"), curve = svg("path", { class: "nn-line nn-curve" }), other = svg("path", { class: "nn-line nn-other" });
    const thread = svg("line", { class: "nn-thread", y1: map.top, y2: map.bottom }), across = svg("line", { class: "nn-slope" });
    const diamond = svg("polygon", { class: "nn-diamond", points: "0,-6 6,0 0,6 -6,0" }), handle = svg("g", { class: "nn-drag" });
    const name = svg("text", { class: "nn-name", x: map.left + 6, y: map.top + 15 }, title);
    const zero = svg("path", { class: "nn-zeros", d: `M${map.left},${map.y(0)}H${map.right}M${map.x(0)},${map.top}V${map.bottom}` });
    map.ink.append(svg("g", { "aria-hidden": "true" }, zones, zero, thread, other, curve, name, across, diamond, handle));
    at.listen(handle, "pointerdown", (event) => handle.setPointerCapture(event.pointerId));
    at.listen(handle, "pointermove", (event) => { if (handle.hasPointerCapture(event.pointerId)) at.put({ z: snap(map.at(event)[0]) }); });
    at.listen(map.drawing.querySelector(".nn-frame"), "click", (event) => at.put({ z: snap(map.at(event)[0]) }));
    return { of, range, map, zones, curve, other, thread, across, diamond, handle };
  }
  const above = scene(answer, [-1.5, 3], 220, [-1, 0, 1, 2, 3], "value f(z)", "The function, and its tangent at z");
  const below = scene(steepness, [-0.3, 1.4], 190, [0, 0.5, 1], "slope f\u2032(z)", "Its slope, and the slope at z", "score z");

  const names = Object.entries(TITLES), says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "function", "function (solid)", names),
      choice(at, "other", "compare with (dashed)", [["none", "nothing"], ...names]),
      toggle(at, "zones", "mark where it hardly hears a correction"),
      slider(at, "z", "score z", { min: -FAR, max: FAR, step: 0.1, page: 1, show: (value) => number(value, 1), change: (z) => at.put({ z: snap(z) }) })),
    html("div", { class: "nn-columns" },
      html("div", {}, above.map.drawing, below.map.drawing),
      html("div", {}, says, html("p", { class: "nn-hint" }, `Drag a point, click where it shall go, or move the slider by arrow keys. The tangent above is as steep as the bar below is high. Marked: slope nearer to 0 than ${LITTLE}, out to the end.`))));

  /** A curve as a path that leaves out what lies beyond the plane, and breaks where the curve jumps, at 0. */
  function path({ of, range: [low, high], map }, name) {
    const near = 1e-9, side = (sign) => Array.from({ length: 241 }, (_, i) => sign * (near + (i / 240) * (FAR - near)));
    let d = "", last = null;
    for (const z of [...side(-1).reverse(), ...side(1)]) {
      const y = of(name, z), inside = y >= low && y <= high;
      if (inside) d += `${last === null || Math.abs(y - last) > 0.5 ? "M" : "L"}${map.x(z).toFixed(2)},${map.y(y).toFixed(2)}`;
      last = inside ? y : null;
    }
    return d;
  }

  function drawCurves() {
    const [name, other, marked] = ["function", "other", "zones"].map((key) => at.get(key)), pair = other !== "none";
    for (const one of [above, below]) {
      const { map } = one, box = ([from, to], kind) => svg("rect", { class: kind, x: map.x(from), y: map.top, width: map.x(to) - map.x(from), height: map.bottom - map.top });
      set(one.curve, { d: path(one, name) });
      set(one.other, { d: pair ? path(one, other) : "" });
      one.zones.replaceChildren(...(marked ? deafZones(name).map((zone) => box(zone, "nn-deaf")) : []), ...(marked && pair ? deafZones(other).map((zone) => box(zone, "nn-deaf2")) : []));
    }
    if (!marked) return;
    for (const [from, to] of deafZones(name)) {
      const x = from === -FAR ? below.map.left + 13 : below.map.right - 5;
      below.zones.append(svg("text", { class: "nn-name", transform: `translate(${x} ${(below.map.top + below.map.bottom) / 2 + 6}) rotate(-90)`, "text-anchor": "middle" }, SHORT[name] ?? "saturated"));
    }
  }

  /** The tangent: a stroke of one length however steep, cut where the plane ends. */
  function tangent({ map, across }, z, value, slope) {
    const [dx, dy] = [map.x(1) - map.x(0), map.y(slope) - map.y(0)], size = 60 / Math.hypot(dx, dy), x = map.x(z), y = map.y(value);
    const room = (sign) => {
      const [vx, vy] = [sign * dx, sign * dy];
      return sign * Math.min(size, ((vx > 0 ? map.right : map.left) - x) / vx, vy ? ((vy > 0 ? map.bottom : map.top) - y) / vy : size);
    };
    const [back, on] = [room(-1), room(1)];
    set(across, { x1: x + back * dx, y1: y + back * dy, x2: x + on * dx, y2: y + on * dy });
  }

  function drawPoint() {
    const [name, other, z] = ["function", "other", "z"].map((key) => at.get(key)), pair = other !== "none";
    for (const { of, range: [low, high], map, thread, diamond, handle } of [above, below]) {
      const y = of(name, z), second = pair ? of(other, z) : NaN, place = map.y(clamp(y, low, high));
      set(thread, { x1: map.x(z), x2: map.x(z) });
      set(diamond, { visibility: second >= low && second <= high ? "visible" : "hidden", transform: `translate(${map.x(z)} ${map.y(clamp(second || 0, low, high))})` });
      set(handle, { transform: `translate(${map.x(z)} ${place})` });
      const shape = y > high ? svg("polygon", { class: "nn-spot", points: "0,-1 8,12 -8,12" }) : y < low ? svg("polygon", { class: "nn-spot", points: "0,1 8,-12 -8,-12" }) : svg("circle", { class: "nn-spot", r: 6 });
      handle.replaceChildren(svg("circle", { class: "nn-halo", r: 16 }), shape);
    }
    const value = answer(name, z), slope = steepness(name, z);
    set(above.across, { visibility: value >= above.range[0] && value <= above.range[1] ? "visible" : "hidden" });
    tangent(above, z, clamp(value, ...above.range), slope);
    set(below.across, { x1: below.map.x(z), x2: below.map.x(z), y1: below.map.y(0), y2: below.map.y(slope) });
    const tell = (one) => `${TITLES[one]}: value ${number(answer(one, z), 3)}, slope ${few(steepness(one, z))}; ${WORDS[verdict(one, z)]}.`;
    says.textContent = [`At z = ${number(z, 1)}.`, tell(name), ...(pair && other !== name ? [tell(other), compare(name, other, z)] : [])].join("\n");
  }

  function compare(name, other, z) {
    const [a, b] = [name, other].map((one) => Math.abs(steepness(one, z)));
    if (Math.abs(a - b) <= 5e-4 * Math.max(a, b)) return "Both are equally steep here.";
    const [steep, more, less] = a > b ? [name, a, b] : [other, b, a];
    const ratio = less ? more / less : 1; // nothing is so many times as steep as a level line
    const times = ratio < 1.05 ? "" : `, ${ratio > 1000 ? "over a thousand" : few(ratio, 2)} times as steep`;
    return `Here ${TITLES[steep]} is the steeper one${times}.`;
  }

  at.watch(["function", "other", "zones"], drawCurves);
  at.watch(KEYS, drawPoint);
  drawCurves();
  drawPoint();
  return at.close;
}

export default { render };
