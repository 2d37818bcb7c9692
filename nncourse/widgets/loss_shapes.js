import { clamp, coordinates, html, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

export const NINE = [1.1, 1.8, 2.1, 2.0, 3.4, 3.7, 3.8, 4.7, 5.1]; // heights of all points but the last
export const EDGE = Math.log((1 - 1e-7) / 1e-7); // the score at which a probability is clipped
const MOST = 20000;

/** What a miss r costs, and the slope of that. */
export const costOfMiss = {
  squared: (r) => r * r,
  absolute: (r) => Math.abs(r),
  Huber: (r, delta) => Math.min(Math.abs(r), delta) * (Math.abs(r) - Math.min(Math.abs(r), delta) / 2),
};
export const slopeOfMiss = {
  squared: (r) => 2 * r,
  absolute: (r) => Math.sign(r),
  Huber: (r, delta) => clamp(r, -delta, delta),
};

/** The line of least squares [w, b] through (0, y0), (1, y1), ...; a point may count more than another. */
export function fitSquared(y, weights = y.map(() => 1)) {
  const all = weights.reduce((sum, one) => sum + one, 0);
  const mean = (f) => y.reduce((sum, _, i) => sum + weights[i] * f(i), 0) / all;
  const x0 = mean((i) => i), y0 = mean((i) => y[i]);
  const w = mean((i) => (i - x0) * (y[i] - y0)) / mean((i) => (i - x0) ** 2);
  return [w, y0 - w * x0];
}

/** A line of least absolute error: some best line goes through two of the points. */
export function fitAbsolute(y) {
  let best = [0, 0], least = Infinity;
  for (let i = 0; i < y.length; i++) {
    for (let j = i + 1; j < y.length; j++) {
      const w = (y[j] - y[i]) / (j - i), b = y[i] - w * i;
      const cost = y.reduce((sum, target, k) => sum + Math.abs(w * k + b - target), 0) / y.length;
      if (cost < least - 1e-9) [best, least] = [[w, b], cost];
    }
  }
  return best;
}

/** The line of least Huber error: least squares again and again, where a far miss counts delta / |r|. */
export function fitHuber(y, delta) {
  let line = fitSquared(y);
  for (let round = 0; round < 1000; round++) {
    const [w, b] = line;
    line = fitSquared(y, y.map((target, i) => delta / Math.max(Math.abs(w * i + b - target), delta)));
    if (Math.abs(line[0] - w) + Math.abs(line[1] - b) < 1e-14) break;
  }
  return line;
}

export const lines = (last, delta, y = [...NINE, last]) => ({ squared: fitSquared(y), absolute: fitAbsolute(y), Huber: fitHuber(y, delta) });

/** The miss of the last point; a line that goes through it misses by 0, not by a rounding. */
export function missOf([w, b], last) {
  const r = w * NINE.length + b - last;
  return Math.abs(r) < 1e-9 ? 0 : r;
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const crossEntropy = (z, y) => Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z)));

/** What the score z of a sigmoid neuron costs where the answer is y, 0 or 1, and the slope of that in the score. */
export const costOfScore = {
  "cross-entropy": crossEntropy,
  clipped: (z, y) => crossEntropy(clamp(z, -EDGE, EDGE), y),
  "squared error": (z, y) => (sigmoid(z) - y) ** 2,
};
export const slopeOfScore = {
  "cross-entropy": (z, y) => sigmoid(z) - y,
  clipped: (z, y) => (Math.abs(z) < EDGE ? sigmoid(z) - y : 0),
  "squared error": (z, y) => 2 * (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)),
};

/** How many steps with the learning rate 1 lead to the right side of 0; `null` where 20000 do not. */
export function steps(name, z, y) {
  let count = 0;
  for (; z >= 0 !== (y === 1) && count < MOST; count++) {
    const slope = slopeOfScore[name](z, y);
    if (!slope) return null;
    z -= slope;
  }
  return z >= 0 === (y === 1) ? count : null;
}

/** Each series has a dash and a shape of its own; of marks that coincide each shows behind the next. */
function shape(i, size = 5) {
  if (i === 0) return svg("rect", { class: "nn-mark nn-s0", x: -size - 2, y: -size - 2, width: 2 * size + 4, height: 2 * size + 4 });
  if (i === 1) return svg("circle", { class: "nn-mark nn-s1", r: size + 0.5 });
  return svg("polygon", { class: "nn-mark nn-s2", points: `0,${-size} ${size - 0.5},${size - 2} ${0.5 - size},${size - 2}` });
}

const few = (value) => (value && Math.abs(value) < 0.001 ? value.toFixed(5) : value.toFixed(3)).replace("-", "\u2212").replace(/^\u2212(0\.0+)$/, "$1");

/** One drawing of three curves and a mark on each. `breaks` are places where a curve may jump. */
function chart(label, x, y, xLabel, height, ticks, breaks) {
  const drawing = plane({ x, y, width: 320, height, margin: 34, label, xLabel, ticks });
  set(drawing.drawing, { role: "img" });
  const level = svg("line", { class: "nn-zeroline", x1: drawing.left, x2: drawing.right, y1: drawing.y(0), y2: drawing.y(0) });
  const curves = [0, 1, 2].map((i) => svg("polyline", { class: `nn-line nn-s${i}` })), marks = [0, 1, 2].map((i) => svg("g", {}, shape(i)));
  const here = svg("line", { class: "nn-here", y1: drawing.top, y2: drawing.bottom });
  drawing.ink.append(level, here, ...curves, ...marks);
  const grid = Array.from({ length: 161 }, (_, k) => x[0] + ((x[1] - x[0]) * k) / 160);
  const places = [...grid, ...breaks.flatMap((at) => [at - 1e-6, at + 1e-6])].sort((a, b) => a - b);
  const inside = (value) => clamp(value, y[0], y[1]);
  return {
    drawing: drawing.drawing,
    /** `functions` are the curves, `spots` where each has its mark; with `one`, all stand at one place. */
    draw(functions, spots, one) {
      functions.forEach((f, i) => {
        const seen = places.map((place) => [place, f(place)]).filter(([, value]) => value >= y[0] && value <= y[1]);
        set(curves[i], { points: coordinates(seen.map(([place, value]) => [drawing.x(place), drawing.y(value)])) });
        set(marks[i], { transform: `translate(${drawing.x(clamp(spots[i], ...x)).toFixed(2)} ${drawing.y(inside(f(spots[i]))).toFixed(2)})` });
      });
      set(here, { x1: drawing.x(spots[0]), x2: drawing.x(spots[0]), visibility: one ? "visible" : "hidden" });
    },
  };
}

/** A table with a row for each series; its first column is the legend. */
function legend(names, heads) {
  const cells = names.map(() => heads.map(() => html("td")));
  const swatch = (i) => svg("svg", { viewBox: "0 0 34 16", class: "nn-swatch", "aria-hidden": "true" }, svg("line", { class: `nn-line nn-s${i}`, x1: 1, x2: 33, y1: 8, y2: 8 }), svg("g", { transform: "translate(17 8)" }, shape(i, 5 - (i === 0) * 2)));
  const row = (name, i) => html("tr", {}, html("th", { scope: "row" }, swatch(i), name), ...cells[i]);
  const table = html("table", {}, html("thead", {}, html("tr", {}, html("td"), ...heads.map((head) => html("th", { scope: "col" }, head)))), html("tbody", {}, ...names.map(row)));
  return { table, write: (rows) => rows.forEach((row, i) => row.forEach((word, k) => { cells[i][k].textContent = word; })) };
}

const title = (text) => html("p", { class: "nn-title" }, text);

function residualView(at) {
  const move = (last) => at.put({ last: clamp(Math.round(last * 10) / 10, 0, 20) }), names = Object.keys(costOfMiss);
  const points = plane({ x: [-0.5, 9.5], y: [-1, 21], width: 320, height: 266, margin: 34, label: "Ten points and three lines", xLabel: "x", ticks: { x: [0, 3, 6, 9], y: [0, 10, 20] } });
  const fits = names.map((_, i) => svg("line", { class: `nn-line nn-s${i}` }));
  const grip = svg("g", { class: "nn-drag" }, svg("circle", { class: "nn-halo", r: 22 }), svg("circle", { class: "nn-dot", r: 7 }), svg("path", { class: "nn-arrows", d: "M-5,-12 L0,-18 L5,-12 M-5,12 L0,18 L5,12" }));
  points.ink.append(...fits, ...NINE.map((y, x) => svg("circle", { class: "nn-dot", cx: points.x(x), cy: points.y(y), r: 4 })), grip);
  const cost = chart("What a miss costs", [-16, 16], [0, 100], "miss r of the last point", 172, { x: [-15, -10, -5, 0, 5, 10, 15], y: [0, 50, 100] }, [0]);
  const pull = chart("How hard a miss pulls: the slope", [-16, 16], [-20, 20], "miss r of the last point", 172, { x: [-15, -10, -5, 0, 5, 10, 15], y: [-20, 0, 20] }, [0]);
  const { table, write } = legend(names, ["line's slope", "last miss r", "its pull"]), says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      slider(at, "last", "last point", { min: 0, max: 20, step: 0.1, page: 1, show: (value) => value.toFixed(1) }),
      slider(at, "delta", "Huber's \u03b4", { min: 0.5, max: 10, step: 0.5, page: 2, show: (value) => value.toFixed(1) })),
    html("div", { class: "nn-columns" }, html("div", {}, title("Ten points, three lines"), points.drawing, table), html("div", {}, title("What a miss costs"), cost.drawing, title("How hard it pulls (the slope)"), pull.drawing)),
    says, html("p", { class: "nn-hint" }, "The last point can be dragged. With the keyboard: arrow keys move a slider, PageUp and PageDown move it further."));
  at.listen(grip, "pointerdown", (event) => grip.setPointerCapture(event.pointerId));
  at.listen(grip, "pointermove", (event) => { if (grip.hasPointerCapture(event.pointerId)) move(points.at(event)[1]); });

  return function draw() {
    const last = at.get("last"), delta = at.get("delta"), fitted = Object.values(lines(last, delta));
    const misses = fitted.map((line) => missOf(line, last)), of = (table) => names.map((name) => (r) => table[name](r, delta));
    fitted.forEach(([w, b], i) => set(fits[i], { x1: points.x(-0.5), x2: points.x(9.5), y1: points.y(b - w / 2), y2: points.y(b + 9.5 * w) }));
    set(grip, { transform: `translate(${points.x(9)} ${points.y(last).toFixed(2)})` });
    cost.draw(of(costOfMiss), misses);
    pull.draw(of(slopeOfMiss), misses);
    write(fitted.map(([w], i) => [w, misses[i], of(slopeOfMiss)[i](misses[i])].map((value) => number(value, 2))));
    says.textContent = `Last point at ${last.toFixed(1)}. It pulls with ${names.map((name, i) => `${number(of(slopeOfMiss)[i](misses[i]), 2)} (${name})`).join(", ")}; the lines' slopes are ${fitted.map(([w]) => number(w, 2)).join(", ")}.`;
  };
}

function scoreView(at) {
  const names = Object.keys(costOfScore), ticks = [-20, -10, 0, 10, 20], says = status();
  const cost = chart("What the score costs", [-20, 20], [0, 20], "score z", 220, { x: ticks, y: [0, 10, 20] }, [-EDGE, EDGE]);
  const pull = chart("How hard it pulls: the slope in the score", [-20, 20], [-1.1, 1.1], "score z", 220, { x: ticks, y: [-1, 0, 1] }, [-EDGE, EDGE]);
  const { table, write } = legend(names, ["cost", "slope", "steps to get it right"]);
  at.root.append(
    html("div", { class: "nn-controls" },
      slider(at, "score", "score z", { min: -20, max: 20, step: 0.5, page: 2, show: (value) => number(value, 1) }), toggle(at, "yes", "the answer is yes")),
    html("div", { class: "nn-columns" }, html("div", {}, title("What the score costs"), cost.drawing), html("div", {}, title("How hard it pulls (the slope)"), pull.drawing)),
    table, says, html("p", { class: "nn-hint" }, "Steps of gradient descent on the score itself, with the learning rate 1."));

  return function draw() {
    const z = at.get("score"), y = at.get("yes") ? 1 : 0, of = (table) => names.map((name) => (place) => table[name](place, y));
    cost.draw(of(costOfScore), [z, z, z], true);
    pull.draw(of(slopeOfScore), [z, z, z], true);
    const counts = names.map((name) => steps(name, z, y)), right = z >= 0 === (y === 1);
    const told = counts.map((count, i) => (count !== null ? String(count) : slopeOfScore[names[i]](z, y) ? `> ${MOST}` : "never"));
    write(names.map((name, i) => [costOfScore[name](z, y).toFixed(2), few(slopeOfScore[name](z, y)), told[i]]));
    const p = sigmoid(z), sure = p > 0.9995 ? "over 0.999" : p < 0.0005 ? "under 0.001" : p.toFixed(3);
    says.textContent = `The neuron says yes with p ${/^\d/.test(sure) ? "= " : ""}${sure}, the answer is ${y ? "yes" : "no"}: ${right ? "right" : "wrong"}. ` +
      (right ? "No step is needed." : `Steps to get it right: ${names.map((name, i) => `${told[i]} (${name})`).join(", ")}.`);
  };
}

function render({ model, el }) {
  const at = stage({ model, el }, "losses", "What a loss costs and how hard it pulls");
  const draw = (at.get("view") === "score" ? scoreView : residualView)(at);
  at.watch(["last", "delta", "score", "yes"], draw);
  draw();
  return at.close;
}

export default { render };
