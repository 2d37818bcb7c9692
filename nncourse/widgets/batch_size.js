import { draw } from "./engine.js";
import { button, choice, coordinates, html, number, plane, set, slider, stage, status, svg } from "./kit.js";

export const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
export const BUDGETS = { updates: 100, passes: 2, time: 4000 };
const START = [-1, 1], CALL = 20, NEAR = 0.1, LOST = 1e6;

/** The bowl of a linear neuron: the mean of the rows' squares, and where its loss is lowest. */
export function bowl(x, y) {
  let a = 0, b = 0, c = 0, u = 0, v = 0;
  x.forEach(([p, q], i) => { a += p * p; b += p * q; c += q * q; u += p * y[i]; v += q * y[i]; });
  const n = x.length, det = a * c - b * b;
  return { n, square: [a / n, b / n, c / n], bottom: [(c * u - b * v) / det, (a * v - b * u) / det] };
}

/** How much the loss at w lies above the lowest. */
export function excess({ square: [a, b, c], bottom: [p, q] }, w) {
  const u = w[0] - p, v = w[1] - q;
  return a * u * u + 2 * b * u * v + c * v * v;
}

/** The root mean square length of a batch's gradient at the bottom, where that of all rows is zero. */
export function noise(x, y, size) {
  const { n, bottom: [p, q] } = bowl(x, y);
  const squares = x.reduce((sum, [a, b], i) => sum + (a * a + b * b) * (2 * (a * p + b * q - y[i])) ** 2, 0);
  return Math.sqrt(((squares / n / size) * (n - size)) / (n - 1));
}

/** What so many updates are on each clock. An update takes as long as 20 rows, and one more for each of its own. */
export const spent = (n, size, updates) => ({ updates, passes: (updates * size) / n, time: updates * (CALL + size) });

/** How many updates a clock allows. */
export const allowed = (n, size, clock) => Math.floor(BUDGETS[clock] / spent(n, size, 1)[clock]);

/** The weights of a walker as far as the longest clock lets it, with the loss of each above the lowest. A lost one stops. */
export function walk(x, y, size, rate, seed) {
  const ground = bowl(x, y), n = x.length, order = x.map((_, i) => i), path = [START], heights = [excess(ground, START)];
  const steps = Math.max(...Object.keys(BUDGETS).map((clock) => allowed(n, size, clock)));
  for (let t = 0, drawn = 0; t < steps && heights[t] <= LOST; t++) {
    const [p, q] = path[t];
    let u = 0, v = 0;
    for (let i = 0; i < size; i++) {
      if (size < n) {
        const j = i + Math.floor((n - i) * draw(seed, ++drawn));
        [order[i], order[j]] = [order[j], order[i]];
      }
      const [a, b] = x[order[i]], error = a * p + b * q - y[order[i]];
      u += a * error;
      v += b * error;
    }
    path.push([p - (rate * 2 * u) / size, q - (rate * 2 * v) / size]);
    heights.push(excess(ground, path[t + 1]));
  }
  return { path, heights };
}

/** The first update after which the loss is at most 0.1 above the lowest, or `null`. */
export function arrival(heights) {
  const first = heights.findIndex((height) => height <= NEAR);
  return first < 0 ? null : first;
}

/** The mean of the last quarter of so many updates; Infinity for a walker that is lost before. */
export function late(heights, updates) {
  if (heights.length <= updates) return Infinity;
  const last = heights.slice(updates - Math.floor(updates / 4), updates + 1);
  return last.reduce((sum, height) => sum + height, 0) / last.length;
}

/** A line of the map along which the loss is so much above the lowest. */
export function ring({ square: [a, b, c], bottom: [p, q] }, height, corners = 90) {
  const left = Math.sqrt(a), low = b / left, right = Math.sqrt(c - low * low), size = Math.sqrt(height); // Cholesky
  return Array.from({ length: corners + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / corners, v = (size * Math.sin(turn)) / right;
    return [p + (size * Math.cos(turn) - low * v) / left, q + v];
  });
}

const X = [-1.5, 4], Y = [-3, 2], LOG = [-4, 1.5], MARKS = ["\u25cf", "\u25a0"], WORDS = ["round", "square"];
const KEYS = ["batch_sizes", "rates", "clock", "seed"];
const UNIT = { updates: ["updates", 0], passes: ["passes", 2], time: ["units of time", 0] };
const short = (value) => (value < Infinity ? number(value, value < 0.1 ? 4 : 2) : "lost");

function render({ model, el }) {
  const at = stage({ model, el }, "batch", "Two batch sizes: noise, updates and time");
  const x = at.get("x"), y = at.get("y"), ground = bowl(x, y), n = x.length;

  // Controls: a batch size and a rate for each walker
  const turn = (trait, which, label, { read = (value) => value, write = (value) => value, ...options }) => {
    const one = { ...at, get: () => read(at.get(trait)[which]), watch: (_, sync) => at.watch([trait], sync) };
    const change = (value) => at.put({ [trait]: at.get(trait).map((old, i) => (i === which ? write(value) : old)) });
    return slider(one, `${trait}_${which}`, `${MARKS[which]} ${label}`, { ...options, change });
  };
  const walker = (which) => html("div", { class: "nn-walker", role: "group", "aria-label": `the ${WORDS[which]} walker` },
    turn("batch_sizes", which, "batch size", { min: 0, max: SIZES.length - 1, step: 1, page: 2, show: (k) => String(SIZES[k]), read: (size) => SIZES.indexOf(size), write: (k) => SIZES[k] }),
    turn("rates", which, "learning rate", { min: 0.02, max: 0.8, step: 0.02, page: 0.1 }));

  // Drawings
  const inside = ({ ink, left, top, right, bottom }, ...parts) => {
    const window = svg("svg", { x: left, y: top, width: right - left, height: bottom - top, viewBox: `${left} ${top} ${right - left} ${bottom - top}` }, ...parts);
    window.style.cssText = `width:${right - left}px;height:${bottom - top}px;max-width:none`; // what leaves the frame is not drawn
    ink.append(window);
  };
  const map = plane({ x: X, y: Y, width: 320, height: 300, margin: 30, label: "The two walks on the bowl", xLabel: "w\u2081", yLabel: "w\u2082", ticks: { x: [-1, 0, 1, 2, 3, 4], y: [-3, -2, -1, 0, 1, 2] } });
  const chart = plane({ x: [0, 1.03], y: LOG, width: 320, height: 300, margin: 48, label: "Loss above the lowest", ticks: { x: [], y: [] } });
  const line = (which) => svg("polyline", { class: `nn-walk nn-walk${which}` }), lines = [0, 1].map((which) => [line(which), line(which)]);
  const dots = [0, 1].map(() => [svg("g"), svg("g")]), cross = svg("path", { class: "nn-lowest", d: "M-8,0H8M0-8V8", transform: `translate(${map.x(ground.bottom[0])} ${map.y(ground.bottom[1])})` });
  const rings = [0.1, 0.5, 2, 5, 11, 23].map((height) => svg("polyline", { class: "nn-contour", points: coordinates(ring(ground, height).map(([a, b]) => [map.x(a), map.y(b)])) }));
  inside(map, ...rings, ...lines.map(([one]) => one), ...dots.map(([one]) => one), cross);
  for (const power of [-4, -3, -2, -1, 0, 1]) {
    const level = chart.y(power);
    chart.ink.append(svg("line", { class: power === -1 ? "nn-near" : "nn-grid", x1: chart.left, x2: chart.right, y1: level, y2: level }),
      svg("text", { class: "nn-quiet", x: chart.left - 5, y: level + 4, "text-anchor": "end" }, String(10 ** power)));
  }
  const marks = [0, 0.5, 1].map((share) => svg("text", { class: "nn-quiet", x: chart.x(share), y: chart.bottom + 15, "text-anchor": share ? "middle" : "start" }));
  const axis = svg("text", { class: "nn-quiet", x: (chart.left + chart.right) / 2, y: chart.bottom + 33, "text-anchor": "middle" });
  chart.ink.append(...marks, axis);
  inside(chart, ...lines.map(([, one]) => one), ...dots.map(([, one]) => one));
  for (const { drawing } of [map, chart]) set(drawing, { role: "img" });

  // The table
  const ROWS = ["noise of its gradient at the bottom", "updates until 0.1 above the lowest", "the same in passes", "the same in time"];
  const cells = ROWS.map(() => [html("td"), html("td")]), heads = [html("th", { scope: "col" }), html("th", { scope: "col" })];
  const table = html("table", {}, html("thead", {}, html("tr", {}, html("td"), ...heads)),
    html("tbody", {}, ...ROWS.map((name, i) => html("tr", {}, html("th", { scope: "row" }, name), ...cells[i]))));
  const says = status(), title = (text) => html("p", { class: "nn-title" }, text);
  at.root.append(
    html("div", { class: "nn-controls" }, walker(0), walker(1),
      choice(at, "clock", "give both the same", [["updates", "number of updates"], ["passes", "passes over the data"], ["time", "time"]]),
      button(at, "New draws", () => at.put({ seed: at.get("seed") + 1 }))),
    html("div", { class: "nn-columns" }, html("div", {}, title("The walks, from above"), map.drawing), html("div", {}, title("Loss above the lowest"), chart.drawing)),
    says, table,
    html("p", { class: "nn-hint" }, `Time is a model: an update takes as long as ${CALL} rows, and one more for each row of its batch.`));

  const dot = (which, [a, b], r) => (which ? svg("rect", { class: `nn-dot nn-walk${which}`, x: a - r, y: b - r, width: 2 * r, height: 2 * r }) : svg("circle", { class: `nn-dot nn-walk${which}`, cx: a, cy: b, r }));

  function draw_() {
    const [sizes, rates, clock, seed] = KEYS.map((key) => at.get(key)), [unit, decimals] = UNIT[clock], told = [];
    marks.forEach((mark, i) => { mark.textContent = number((BUDGETS[clock] * i) / 2, 1); });
    axis.textContent = unit;
    sizes.forEach((size, which) => {
      const { path, heights } = walk(x, y, size, rates[which], seed), updates = allowed(n, size, clock), there = arrival(heights);
      const shown = path.slice(0, updates + 1).map(([a, b]) => [map.x(a), map.y(b)]), lost = heights.length <= updates;
      const curve = heights.slice(0, updates + 1).map((height, t) => [chart.x(spent(n, size, t)[clock] / BUDGETS[clock]), chart.y(Math.max(Math.log10(height), LOG[0] - 0.2))]);
      set(lines[which][0], { points: coordinates(shown) });
      set(lines[which][1], { points: coordinates(curve) });
      const few = updates <= 40;
      dots[which][0].replaceChildren(...shown.slice(0, -1).filter(() => few).map((spot) => dot(which, spot, 2.2)), dot(which, shown.at(-1), 5));
      dots[which][1].replaceChildren(...curve.filter(() => few).map((spot) => dot(which, spot, 2.2)), dot(which, curve.at(-1), 5));
      const used = there === null ? null : spent(n, size, there);
      heads[which].textContent = `${MARKS[which]} ${size}`;
      [number(noise(x, y, size)), ...["updates", "passes", "time"].map((key) => (used ? number(used[key], UNIT[key][1]) : "never"))].forEach((text, i) => { cells[i][which].textContent = text; });
      const all = spent(n, size, updates), rest = Object.keys(UNIT).filter((key) => key !== clock).map((key) => `${number(all[key], UNIT[key][1])} ${UNIT[key][0]}`);
      told.push(`${MARKS[which]} batches of ${size}, ${rest.join(", ")}: ${lost ? "lost" : `${short(late(heights, updates))} above the lowest in the last quarter`}.`);
    });
    says.textContent = `${BUDGETS[clock]} ${unit} each. ${told.join(" ")}`;
  }

  at.watch(KEYS, draw_);
  draw_();
  return at.close;
}

export default { render };
