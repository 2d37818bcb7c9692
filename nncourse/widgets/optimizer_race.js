import { contours } from "./contours.js";
import { optimizer } from "./engine.js";
import { button, choice, coordinates, grip, html, number, plane, set, slider, stage, status, svg } from "./kit.js";

export const STEPS = 100;

/** The rates that a slider offers, twenty a decade, as they are written. */
export const RATES = Array.from({ length: 101 }, (_, k) => Number((10 ** (k / 20 - 4)).toPrecision(2)));

const valley = (k, degrees) => (x, y) => {
  const c = Math.cos((degrees * Math.PI) / 180), s = Math.sin((degrees * Math.PI) / 180), u = c * x + s * y, v = c * y - s * x;
  return [(u * u + k * v * v) / 2, c * u - s * k * v, s * u + c * k * v];
};

/** Each surface: `f(x, y)` is its height and its two slopes. */
export const SURFACES = {
  bowl: { f: (x, y) => [x * x + y * y, 2 * x, 2 * y], start: [-2, 1], domain: [[-3, 3], [-3, 3]], lowest: [0, 0] },
  ravine: { f: valley(20, 0), start: [-2, 1], domain: [[-3, 3], [-3, 3]], lowest: [0, 0] },
  "turned ravine": { f: valley(20, 45), start: [-2.1, -0.7], domain: [[-3, 3], [-3, 3]], lowest: [0, 0] },
  saddle: { f: (x, y) => [x * x - y * y, 2 * x, -2 * y], start: [1, 1e-6], domain: [[-2, 2], [-2, 2]] },
  plateau: {
    f: (x, y) => {
      const near = 1 / (1 + x * x + y * y);
      return [1 - near, 2 * x * near * near, 2 * y * near * near];
    },
    start: [-3, 2], domain: [[-4, 4], [-4, 4]], lowest: [0, 0],
  },
  Rosenbrock: {
    f: (x, y) => {
      const a = x - 1, b = y - x * x;
      return [a * a + 100 * b * b, 2 * a - 400 * x * b, 200 * b];
    },
    start: [-1.2, 1], domain: [[-2, 2], [-1, 3]], lowest: [1, 1],
  },
};

/** The places of a walk of 100 steps, and the loss at each; a lost walk has a loss of Infinity. */
export function walk(surface, start, rule, rate) {
  const { f } = SURFACES[surface], p = Float64Array.from(start), { step } = optimizer(rule, rate, 2), path = [[...p]];
  for (let i = 0; i < STEPS; i++) {
    const [, dx, dy] = f(p[0], p[1]);
    step(p, [dx, dy]);
    path.push([...p]);
  }
  const losses = path.map(([x, y]) => f(x, y)[0]).map((loss) => (Number.isNaN(loss) ? Infinity : loss));
  return { path, losses };
}

/** A hundredth of the first loss; -1 on the saddle, which has no lowest point. */
export const goal = (surface, start) => (surface === "saddle" ? -1 : 0.01 * SURFACES[surface].f(...start)[0]);

/** The step from which on the loss is at the goal or below; `null` if that is not yet so after the last. */
export function arrival(losses, target) {
  const first = losses.findLastIndex((loss) => !(loss <= target)) + 1;
  return first < losses.length ? first : null;
}

/** The rate that arrives first, the smaller one if two do; if none arrives, the one that ends lowest. */
export function bestRate(surface, start, rule) {
  const target = goal(surface, start);
  const tried = RATES.map((rate) => {
    const { losses } = walk(surface, start, rule, rate);
    return { rate, step: arrival(losses, target) ?? Infinity, end: losses[STEPS] };
  });
  const key = tried.some(({ step }) => step < Infinity) ? "step" : "end";
  return tried.reduce((best, one) => (one[key] < best[key] ? one : best)).rate;
}

const RULES = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"];
const TITLES = { sgd: "SGD", nesterov: "Nesterov", adagrad: "Adagrad", rmsprop: "RMSprop", adam: "Adam" };
const title = (rule) => TITLES[rule] ?? rule;
const SHAPES = { sgd: "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0-8,0", momentum: "M-3.5-3.5h7v7h-7z", nesterov: "M0-5L5,0L0,5L-5,0z", adagrad: "M0-5L4.6,3.6h-9.2z", rmsprop: "M0,5L4.6-3.6h-9.2z", adam: "M-4-4L4,4M-4,4L4-4" };
const short = (value) => {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return value < 0 ? "\u2212\u221e" : "lost";
  return size && (size < 1e-3 || size >= 1e4) ? value.toExponential(0).replaceAll("-", "\u2212").replace("+", "") : number(value, size < 1 ? 4 : 1);
};
const place = ([x, y]) => `(${number(x, 6)}, ${number(y, 6)})`;
const FAR = 1e4; // pixels: nothing is drawn beyond

function render({ model, el }) {
  const at = stage({ model, el }, "race", "A race of optimizers");
  const setRates = (make) => at.put({ rates: Object.fromEntries(RULES.map((rule) => [rule, make(rule)])) });

  // Drawing: the plane is made anew for each surface, the handle stays
  const ground = html("div"), lines = svg("g", { "aria-hidden": "true" }), view = { surface: null, map: null };
  const handle = grip(at, "start", () => ({ map: view.map, domain: SURFACES[at.get("surface")].domain, home: SURFACES[at.get("surface")].start }));
  const ink = (rule, points) => svg("polyline", { class: `nn-walk nn-${rule}`, points });
  const dot = (rule, [x, y], size = 0.6) => svg("path", { class: `nn-dot nn-${rule}`, d: SHAPES[rule], transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size})` });

  function lay(surface) {
    const { domain: [x, y], lowest } = SURFACES[surface], map = plane({ x, y, label: `Contour lines of the ${surface} and the walks`, xLabel: "w\u2081", yLabel: "w\u2082" });
    const rings = contours(SURFACES[surface]).map(({ pieces }) => svg("path", { class: "nn-contour", d: pieces.map((piece) => `M${coordinates(piece.map(([a, b]) => [map.x(a), map.y(b)])).replace(" ", "L")}`).join("") }));
    const [left, top, width, height] = [map.left, map.top, map.right - map.left, map.bottom - map.top];
    const inside = svg("svg", { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}` });
    inside.style.cssText = `width:${width}px;height:${height}px;max-width:none`; // what leaves the frame is not drawn
    const cross = lowest ? svg("path", { class: "nn-lowest", d: "M-7,0H7M0-7V7", transform: `translate(${map.x(lowest[0])} ${map.y(lowest[1])})` }) : "";
    inside.append(...rings, cross, lines);
    map.ink.append(inside, handle);
    ground.replaceChildren(map.drawing);
    return map;
  }

  // The table: a row a rule, with its switch and its rate
  const rows = RULES.map((rule) => {
    const on = html("input", { type: "checkbox", name: rule }), rate = html("output", { class: "nn-value" });
    const range = html("input", { type: "range", name: `${rule}_rate`, min: 0, max: RATES.length - 1, step: 1, "aria-label": `learning rate of ${title(rule)}` });
    at.listen(on, "change", () => at.put({ rules: RULES.filter((one) => (one === rule ? on.checked : at.get("rules").includes(one))) }));
    at.listen(range, "input", () => at.put({ rates: { ...at.get("rates"), [rule]: RATES[range.value] } }));
    const sample = svg("svg", { viewBox: "0 0 34 12", class: "nn-sample", "aria-hidden": "true" }, ink(rule, "0,6 34,6"), dot(rule, [17, 6], 1));
    const loss = html("td"), step = html("td");
    const row = html("tr", {}, html("th", { scope: "row" }, html("label", { class: "nn-toggle" }, on, html("span", {}, title(rule), sample))), html("td", {}, html("span", { class: "nn-controls" }, range), rate), loss, step);
    return { rule, on, range, rate, loss, step, row };
  });
  const heads = ["rule", "learning rate", "loss", ""].map((text) => html("th", { scope: "col" }, text)), says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "surface", "surface", Object.keys(SURFACES).map((name) => [name, name]), (surface) => at.put({ surface, start: SURFACES[surface].start })),
      button(at, "All at 0.05", () => setRates(() => 0.05)),
      button(at, "Each at its best rate", () => setRates((rule) => bestRate(at.get("surface"), at.get("start"), rule)))),
    html("div", { class: "nn-columns" },
      html("div", {}, ground, html("div", { class: "nn-controls" }, slider(at, "steps", "steps", { min: 1, max: STEPS, step: 1, page: 10 }))),
      html("table", {}, html("thead", {}, html("tr", {}, ...heads)), html("tbody", {}, ...rows.map(({ row }) => row)))),
    says,
    html("p", { class: "nn-hint" }, "Drag the ring, where all start; with the keyboard: Tab to it, the arrow keys move it, Home brings it back. A mark stands at every tenth step, the cross at the lowest point."));

  function draw() {
    const [surface, start, rules, rates, steps] = ["surface", "start", "rules", "rates", "steps"].map(at.get);
    if (view.surface !== surface) Object.assign(view, { surface, map: lay(surface) });
    const { map } = view, target = goal(surface, start), first = SURFACES[surface].f(...start)[0];
    heads[3].textContent = surface === "saddle" ? "steps to \u22121" : "steps to 1\u00a0%";
    set(handle, { transform: `translate(${map.x(start[0])} ${map.y(start[1])})`, "aria-label": `start at ${place(start)}` });
    lines.replaceChildren();
    const results = [];
    for (const { rule, on, range, rate, loss, step } of rows) {
      on.checked = rules.includes(rule);
      range.value = RATES.findIndex((one) => one >= rates[rule] * (1 - 1e-9));
      rate.textContent = String(rates[rule]);
      set(range, { "aria-valuetext": String(rates[rule]) });
      loss.textContent = step.textContent = on.checked ? "" : "\u2013";
      if (!on.checked) continue;
      const { path, losses } = walk(surface, start, rule, rates[rule]), end = losses[steps], there = arrival(losses.slice(0, steps + 1), target);
      loss.textContent = short(end);
      step.textContent = there ?? "not yet";
      results.push({ rule, end, there: there ?? Infinity });
      const pixels = path.slice(0, steps + 1).map(([a, b]) => [map.x(a), map.y(b)]), out = pixels.findIndex(([a, b]) => !(Math.abs(a) < FAR && Math.abs(b) < FAR));
      const drawn = out < 0 ? pixels : pixels.slice(0, out);
      const marks = drawn.filter((_, i) => i && i % 10 === 0 && i < steps).map((spot) => dot(rule, spot));
      lines.append(ink(rule, coordinates(drawn)), ...marks, ...(out < 0 ? [dot(rule, drawn.at(-1), 1.1)] : []));
    }
    tell(surface, start, first, steps, results);
  }

  function tell(surface, start, first, steps, results) {
    const names = (list) => list.map(({ rule }) => title(rule)).join(", ");
    const best = (key) => results.filter((one) => one[key] === Math.min(...results.map((other) => other[key])) && one[key] < Infinity);
    const lowest = best("end"), soonest = best("there"), worse = results.filter(({ end }) => end > first), aim = surface === "saddle" ? "a loss of \u22121" : "1 % of the first loss";
    says.textContent = `${surface[0].toUpperCase()}${surface.slice(1)}, start ${place(start)}, loss there ${short(first)}. ` + (results.length
      ? `After ${steps} ${steps > 1 ? "steps" : "step"} lowest: ${lowest.length ? `${names(lowest)}, loss ${short(lowest[0].end)}` : "none"}. ` +
        `First to stay at ${aim} or below: ${soonest.length ? `${names(soonest)}, from step ${soonest[0].there} on` : "none so far"}.` + (worse.length ? ` Higher than at the start: ${names(worse)}.` : "")
      : "No rule takes part.");
  }

  at.watch(["surface", "start", "rules", "rates", "steps"], draw);
  draw();
  return at.close;
}

export default { render };
