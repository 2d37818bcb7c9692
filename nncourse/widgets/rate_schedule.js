import { choice, coordinates, html, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

const AWAY = 10, LOWEST = 1e-4, HIGHEST = 10;
export const RATES = Array.from({ length: 26 }, (_, k) => Number((10 ** (k / 10 - 2)).toPrecision(2)));
export const PERIODS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500];
export const STEPS = [50, 100, 200, 300, 500, 1000];

/** Each schedule: the rate after t steps. */
export const SHAPES = {
  constant: (t, { first }) => first,
  "inverse time": (t, { first, period }) => first / (1 + t / period),
  exponential: (t, { first, period }) => first / 2 ** (t / period),
  steps: (t, { first, period }) => first / 2 ** Math.floor(t / period),
  cosine: (t, { first, steps }) => (first * (1 + Math.cos((Math.PI * t) / steps))) / 2,
  cyclical: (t, { first, period }) => {
    const low = first / 100, height = 1 - Math.abs(((t / period) % 2) - 1);
    return low + (first - low) * height;
  },
  "range test": (t, { steps }) => LOWEST * (HIGHEST / LOWEST) ** (t / (steps - 1)),
};

/** The rate of each step. */
export const ratesOf = (settings) => Array.from({ length: settings.steps }, (_, t) => SHAPES[settings.schedule](t, settings));

/** The root mean square distance of very many walkers, start included: exact, nothing is drawn at random. */
export function distances(rates, noise) {
  const square = [AWAY * AWAY];
  rates.forEach((rate, t) => square.push((1 - rate) * (1 - rate) * square[t] + (noise ? rate * rate : 0)));
  return square.map(Math.sqrt);
}

/** Where walkers would come to rest at a rate; Infinity beyond the edge, at 2. */
export const floor = (rate, noise) => (rate < 2 ? (noise ? Math.sqrt(rate / (2 - rate)) : 0) : Infinity);

/** After how many steps the walkers are nearest. */
export const nearest = (far) => far.indexOf(Math.min(...far));

/** The first step, after the nearest place, that leads farther away than the start; `null` if none does. */
export function blown(far) {
  const step = far.findIndex((one, t) => t > nearest(far) && one > AWAY);
  return step < 0 ? null : step - 1;
}

const LOG = [-3, 2.3], SETTINGS = ["schedule", "first", "period", "steps", "noise"];
const short = (value) => (value >= 1e6 ? "more than a million" : value < 1e-3 ? "less than 0.001" : number(value, value < 1 ? 3 : value < 100 ? 2 : 0));
const FREE = { constant: ["first"], cosine: ["first"], "range test": [] };

function render({ model, el }) {
  const at = stage({ model, el }, "schedule", "A learning rate over time");
  const settings = () => Object.fromEntries(SETTINGS.map((key) => [key, at.get(key)]));

  // Controls: a slider walks through a list of values
  const list = (key, label, values) => {
    const one = { ...at, get: () => values.indexOf(at.get(key)) };
    return slider(one, key, label, { min: 0, max: values.length - 1, step: 1, page: 5, show: (k) => String(values[k]), change: (k) => at.put({ [key]: values[k] }) });
  };
  const first = list("first", "highest rate", RATES), period = list("period", "period, in steps", PERIODS);
  const keep = html("input", { type: "checkbox", name: "keep" });
  at.listen(keep, "change", () => at.put({ keep: keep.checked, kept: settings() }));

  // Drawings
  const size = { width: 320, height: 240, margin: 42, x: [0, 1.03] };
  const above = plane({ ...size, y: [0, 1.05], label: "The rate of each step", ticks: { x: [], y: [] } });
  const below = plane({ ...size, y: LOG, label: "Distance from the bottom, on a logarithmic axis", ticks: { x: [], y: [] } });
  const inside = ({ ink, left, top, right, bottom }, ...parts) => {
    const window = svg("svg", { x: left, y: top, width: right - left, height: bottom - top, viewBox: `${left} ${top} ${right - left} ${bottom - top}` }, ...parts);
    window.style.cssText = `width:${right - left}px;height:${bottom - top}px;max-width:none`; // what leaves the frame is not drawn
    ink.append(window);
  };
  const line = (kind = "") => svg("polyline", { class: `nn-line${kind}` }), levels = svg("g");
  const [oldRate, rate, oldWalk, rest, walk] = [line(" nn-old"), line(), line(" nn-old"), line(" nn-rest"), line()];
  above.ink.append(levels);
  for (const power of [-3, -2, -1, 0, 1, 2]) {
    const y = below.y(power);
    below.ink.append(svg("line", { class: "nn-grid", x1: below.left, x2: below.right, y1: y, y2: y }), svg("text", { class: "nn-quiet", x: below.left - 5, y: y + 4, "text-anchor": "end" }, String(10 ** power)));
  }
  const spot = svg("circle", { class: "nn-spot", r: 4.5 });
  inside(above, oldRate, rate);
  inside(below, oldWalk, rest, walk, spot);
  const steps = [above, below].map((one) => {
    const [zero, middle, end] = [0, 0.5, 1].map((share) => svg("text", { class: "nn-quiet", x: one.x(share), y: one.bottom + 15, "text-anchor": share ? "middle" : "start" }));
    const axis = svg("text", { class: "nn-quiet", x: (one.left + one.right) / 2, y: one.bottom + 33, "text-anchor": "middle" });
    one.ink.append(zero, middle, end, axis);
    set(one.drawing, { role: "img" });
    return { zero, middle, end, axis };
  });

  const says = status(), title = (text) => html("p", { class: "nn-title" }, text);
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "schedule", "schedule", Object.keys(SHAPES).map((name) => [name, name])), toggle(at, "noise", "noisy slopes"),
      html("label", { class: "nn-toggle" }, keep, html("span", {}, "keep this as a dashed line")),
      first, period, list("steps", "number of steps", STEPS)),
    html("div", { class: "nn-columns" }, html("div", {}, title("Learning rate"), above.drawing), html("div", {}, title("Distance from the bottom"), below.drawing)),
    says,
    html("p", { class: "nn-hint" }, "Very many walkers on a parabola of curvature 1, from 10 away; the distance is their root mean square."));

  /** A line through [step, value], thinned to whole pixels of its height. */
  const points = (to, values, span, y) => coordinates(values.map((value, t) => [to.x(t / span), y(value)]));

  function draw() {
    const now = settings(), kept = at.get("keep") ? at.get("kept") : null, { schedule, steps: span, noise } = now;
    const rates = ratesOf(now), far = distances(rates, noise), old = kept && ratesOf(kept);
    const free = FREE[schedule] ?? ["first", "period"];
    for (const [name, label] of [["first", first], ["period", period]]) label.querySelector("input").disabled = !free.includes(name);

    const log = [schedule, kept?.schedule].includes("range test"), top = Math.max(now.first, kept?.first ?? 0);
    const height = log ? (value) => above.y(1 + (Math.log10(Math.max(value, LOWEST / 2)) - 1) / 5) : (value) => above.y(value / top);
    const marked = log ? [1e-4, 1e-3, 1e-2, 0.1, 1, 10] : [0, top / 2, top];
    levels.replaceChildren(...marked.flatMap((value) => [svg("line", { class: "nn-grid", x1: above.left, x2: above.right, y1: height(value), y2: height(value) }),
      svg("text", { class: "nn-quiet", x: above.left - 5, y: height(value) + 4, "text-anchor": "end" }, number(value, 4))]));
    set(rate, { points: points(above, rates, span, height) });
    set(oldRate, { points: kept ? points(above, old, span, height) : "" });

    const deep = (value) => below.y(Math.min(Math.max(Math.log10(value), LOG[0] - 0.2), LOG[1] + 0.2));
    set(walk, { points: points(below, far, span, deep) });
    set(oldWalk, { points: kept ? points(below, distances(old, kept.noise), span, deep) : "" });
    set(rest, { points: noise ? points(below, rates.map((one) => floor(one, true)).filter((one) => one < Infinity), span, deep) : "" });
    set(spot, { cx: below.x(1), cy: deep(far[span]) });
    steps.forEach(({ zero, middle, end, axis }, i) => {
      [zero.textContent, middle.textContent, end.textContent] = ["0", String(span / 2), String(span)];
      axis.textContent = i && noise ? "step (dotted: the floor of each rate)" : "step";
    });
    keep.checked = at.get("keep");
    says.textContent = tell(now, rates, far, kept);
  }

  function tell({ schedule, steps: span, noise }, rates, far, kept) {
    const near = nearest(far), out = blown(far), sum = rates.reduce((total, one) => total + one, 0);
    const name = schedule[0].toUpperCase() + schedule.slice(1);
    const walked = schedule === "range test"
      ? `nearest, ${short(far[near])} away, at the rate ${number(rates[Math.max(near - 1, 0)], 3)}; ${out === null ? "never farther than at the start" : `farther away than the start from the rate ${number(rates[out], 2)} on`}.`
      : `${short(far[span])} away after ${span} steps. Its rates add up to ${number(sum, sum < 10 ? 2 : 0)}${noise ? `; at its last rate walkers would come to rest ${rates.at(-1) < 2 ? `${short(floor(rates.at(-1), true))} away` : "nowhere"}` : ""}.`;
    const before = kept ? ` Dashed: ${kept.schedule}, ${short(distances(ratesOf(kept), kept.noise)[kept.steps])} away at its end.` : "";
    return `${name}, ${noise ? "with" : "without"} noise: ${walked}${before}`;
  }

  at.watch([...SETTINGS, "keep", "kept"], draw);
  draw();
  return at.close;
}

export default { render };
