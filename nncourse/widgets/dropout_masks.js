import { draw } from "./engine.js";
import { button, coordinates, html, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

const ROWS = 4, NEURONS = 10, STEPS = 100;

/** What those that are heard are multiplied by. */
export const factor = (rate, scaled) => (scaled ? 1 / (1 - rate) : 1);

/** What leaves the neurons for each example of a step; each has a 1 to hand on, and a silent one sends 0. */
export function handedOn(seed, step, rate, scaled) {
  const first = (step - 1) * ROWS * NEURONS + 1, up = factor(rate, scaled);
  return Array.from({ length: ROWS }, (_, row) => Array.from({ length: NEURONS }, (_, j) => (draw(seed, first + row * NEURONS + j) >= rate ? up : 0)));
}

/** What the next layer gets for each example. */
export const sums = (rows) => rows.map((row) => row.reduce((total, value) => total + value, 0));

/** The mean of all sums up to each step. */
export function runningMeans(steps) {
  const means = [];
  steps.reduce((total, got) => {
    const now = got.reduce((part, value) => part + value, total);
    means.push(now / (ROWS * (means.length + 1)));
    return now;
  }, 0);
  return means;
}

const KEYS = ["rate", "scaled", "in_use", "step", "seed"], HIGH = 35, PITCH = 72, GAP = 27;

function render({ model, el }) {
  const at = stage({ model, el }, "dropout", "Dropout, step by step");

  // Four examples, each with its ten neurons and the one of the next layer that adds them up
  const fans = Array.from({ length: ROWS }, (_, row) => {
    const top = 14 + row * PITCH, lines = svg("g"), neurons = svg("g"), sum = svg("text", { class: "nn-bold", x: 180, y: top + 49 });
    const next = svg("circle", { class: "nn-next", cx: 163, cy: top + 44, r: 7 });
    const name = svg("text", { class: "nn-quiet", x: 4, y: top + 49 }, `example ${row + 1}`), missing = svg("text", { class: "nn-quiet", x: 316, y: top + 49, "text-anchor": "end" });
    return { top, lines, neurons, sum, missing, group: svg("g", { role: "img" }, lines, neurons, next, sum, name, missing) };
  });
  const drawing = svg("svg", { viewBox: `0 0 320 ${ROWS * PITCH + 2}`, role: "group", "aria-label": "What ten neurons hand on for four examples" }, ...fans.map(({ group }) => group));

  const chart = plane({ x: [0, STEPS], y: [0, HIGH], width: 320, height: 250, margin: 34, label: "What the next layer gets, step by step", xLabel: "step", yLabel: "what the next layer gets", ticks: { x: [1, 25, 50, 75, 100], y: [0, 10, 20, 30] } });
  set(chart.drawing, { role: "img" });
  const dots = svg("path", { class: "nn-dots" }), now = svg("path", { class: "nn-dots nn-now" }), mean = svg("polyline", { class: "nn-line nn-mean" });
  const level = svg("line", { class: "nn-use", x1: chart.left, x2: chart.right, y1: chart.y(NEURONS), y2: chart.y(NEURONS) });
  const names = [svg("text", { class: "nn-says", x: chart.right - 4, "text-anchor": "end" }, "in use"), svg("text", { class: "nn-says nn-bold", x: chart.right - 4, "text-anchor": "end" }, "mean so far")];
  chart.ink.append(dots, now, level, mean, ...names);

  const says = status(), next = button(at, "Next step", () => at.put({ step: Math.min(STEPS, at.get("step") + 1) }));
  const title = (text) => html("p", { class: "nn-title" }, text), heading = title("");
  at.root.append(
    html("div", { class: "nn-controls" },
      slider(at, "rate", "dropout rate", { min: 0, max: 0.8, step: 0.1, page: 0.2 }),
      slider(at, "step", "step", { min: 1, max: STEPS, step: 1, page: 10, show: String }),
      next,
      toggle(at, "scaled", "scale by 1 / (1 \u2212 rate)"),
      toggle(at, "in_use", "in use")),
    html("div", { class: "nn-columns" },
      html("div", {}, heading, drawing),
      html("div", {}, title("All steps so far"), chart.drawing, says)));

  const where = (j) => 38 + j * GAP;
  const cross = (x, y) => svg("path", { class: "nn-silent", d: `M${x - 5},${y - 5}l10,10m-10,0l10,-10` });

  function fan({ top, lines, neurons, sum, missing, group }, row, got, place) {
    const silent = row.flatMap((value, j) => (value ? [] : [j + 1]));
    lines.replaceChildren(svg("path", { class: "nn-wire", d: row.map((value, j) => (value ? `M${where(j)},${top}L163,${top + 44}` : "")).join("") }));
    neurons.replaceChildren(...row.map((value, j) => (value ? svg("circle", { class: "nn-heard", cx: where(j), cy: top, r: (5 * Math.sqrt(value)).toFixed(2) }) : cross(where(j), top))));
    sum.textContent = number(got);
    missing.textContent = `${silent.length} silent`;
    set(group, { "aria-label": `Example ${place + 1}: silent ${silent.length ? silent.join(", ") : "nobody"}; the next layer gets ${number(got)}` });
  }

  function show() {
    const [rate, scaled, use, step, seed] = KEYS.map((key) => at.get(key)), off = use ? 0 : rate;
    const steps = Array.from({ length: step }, (_, k) => handedOn(seed, k + 1, off, scaled)), rows = steps.at(-1);
    const got = steps.map(sums), means = runningMeans(got);
    fans.forEach((one, i) => fan(one, rows[i], got.at(-1)[i], i));
    const spots = (list, from) => list.flatMap((values, k) => values.map((value) => `M${chart.x(from + k).toFixed(1)},${chart.y(Math.min(value, HIGH)).toFixed(1)}h0`)).join("");
    set(dots, { d: spots(got.slice(0, -1), 1) });
    set(now, { d: spots(got.slice(-1), step) });
    set(mean, { points: coordinates(means.map((value, k) => [chart.x(k + 1), chart.y(value)])) });
    const low = chart.y(means.at(-1)), apart = Math.abs(low - chart.y(NEURONS)) > 16;
    set(names[0], { y: chart.y(NEURONS) - 6 });
    set(names[1], { y: apart && low > chart.y(4) ? low - 7 : (apart ? low : chart.y(NEURONS)) + 16 });
    heading.textContent = `\u25cf sends ${number(factor(off, scaled))}, \u00d7 is silent`;
    set(next, { disabled: step === STEPS });
    const silent = rows.map((row) => row.filter((value) => !value).length);
    says.textContent = `${use ? "In use" : `Step ${step} of training, rate ${number(rate)}`}: ${use ? "nobody is silent" : `silent in each row ${silent.join(", ")}; the others times ${number(factor(off, scaled))}`}. ` +
      `The next layer gets ${got.at(-1).map((value) => number(value)).join(", ")}. Mean so far ${number(means.at(-1))}, in use ${NEURONS}.`;
  }

  at.watch(KEYS, show);
  show();
  return at.close;
}

export default { render };
