import { draw } from "./engine.js";
import { button, clamp, coordinates, html, number, plane, set, slider, stage, status, svg } from "./kit.js";

const HIGHEST = 15, ROOM = 60, MOST = 200; // degree, points of a set, sets

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Where all training sets measure: n places, evenly between 0 and 1. */
export const places = (n) => Array.from({ length: n }, (_, i) => (i + 0.5) / n);

/** The wave without noise. */
export const truth = (n) => places(n).map((x) => Math.sin(2 * Math.PI * x));

/** The k-th number of mean 0 and standard deviation 1 of a seed, k from 0 on (Box and Muller, 1958). */
export const normal = (seed, k) =>
  Math.sqrt(-2 * Math.log(1 - draw(seed, 2 * k + 1))) * Math.cos(2 * Math.PI * draw(seed, 2 * k + 2));

/** What the training sets measured, a row a set. */
export function targets(n, noise, sets, seed) {
  const wave = truth(n);
  return Array.from({ length: sets }, (_, one) => wave.map((y, i) => y + noise * normal(seed, ROOM * one + i)));
}

/**
 * Polynomials of degree 0 to 15 on the n places, at right angles and of length 1: x times the one before, less its part
 * along all before. That is taken off twice, since rounding leaves some of it (Gram and Schmidt).
 */
export function basis(n) {
  const x = places(n), rows = [];
  for (let k = 0; k <= HIGHEST; k++) {
    let row = x.map((value, i) => (k ? (2 * value - 1) * rows[k - 1][i] : 1));
    for (const q of [...rows, ...rows]) {
      const part = dot(q, row);
      row = row.map((value, i) => value - part * q[i]);
    }
    const length = Math.sqrt(dot(row, row));
    rows.push(row.map((value) => value / length));
  }
  return rows;
}

/** The coefficients of each row of targets in the basis: least squares of every degree at once. */
export const coefficients = (rows, q) => rows.map((row) => q.map((one) => dot(one, row)));

/** What the fit with these coefficients says at the places. */
export const answer = (c, degree, q) => q[0].map((_, i) => {
  let sum = 0;
  for (let k = 0; k <= degree; k++) sum += c[k] * q[k][i];
  return sum;
});

/** For each degree the squared bias, the variance and the error on the own points, means over the places. */
export function parts(rows, all, wave, q) {
  const n = wave.length, own = rows.map((row) => dot(row, row)), c = (k) => all.map((one) => one[k]);
  let missed = dot(wave, wave), off = 0, spread = 0, left = mean(own);
  return q.map((one, k) => {
    const column = c(k), middle = mean(column), true0 = dot(one, wave);
    missed -= true0 ** 2; // what no polynomial up to this degree can say
    off += (middle - true0) ** 2;
    spread += mean(column.map((value) => (value - middle) ** 2));
    left -= mean(column.map((value) => value * value));
    return { bias2: (Math.max(missed, 0) + off) / n, variance: spread / n, own: Math.max(left, 0) / n };
  });
}

/** The degree with the lowest sum. */
export const best = (all) => all.reduce((low, { bias2, variance }, k) => (bias2 + variance < all[low].bias2 + all[low].variance ? k : low), 0);

const KEYS = ["degree", "n", "noise", "sets", "seed"], THIN = 30, Y = [-2, 2], digits = (value) => value.toFixed(3);

function render({ model, el }) {
  const at = stage({ model, el }, "bias", "Bias, variance and noise");
  const cache = { key: "", made: null };

  // The fits: a window that cuts off what leaves the frame
  const map = plane({ x: [0, 1], y: Y, width: 330, height: 250, margin: 34, label: "The fits, their mean and the truth", xLabel: "x", ticks: { x: [0, 0.5, 1], y: [-2, -1, 0, 1, 2] } });
  set(map.drawing, { role: "img" });
  const [wide, high] = [map.right - map.left, map.bottom - map.top];
  const pane = svg("svg", { x: map.left, y: map.top, width: wide, height: high, viewBox: `${map.left} ${map.top} ${wide} ${high}` });
  pane.style.cssText = `width:${wide}px;height:${high}px;max-width:none`;
  const line = (kind) => svg("polyline", { class: kind });
  const thin = Array.from({ length: THIN }, () => line("nn-thin")), last = line("nn-last"), middle = line("nn-mean"), wave = line("nn-truth"), points = svg("g");
  pane.append(...thin, wave, points, last, middle);
  map.ink.append(pane);
  set(wave, { points: coordinates(truth(80).map((y, i) => [map.x((i + 0.5) / 80), map.y(y)])) });

  // The bars: a stack a degree
  const chart = plane({ x: [-0.6, HIGHEST + 0.6], y: [0, 1], width: 330, height: 250, margin: 34, label: "Bias, variance and noise of every degree", xLabel: "degree", ticks: { x: [0, 3, 6, 9, 12, 15], y: [] } });
  set(chart.drawing, { role: "img" });
  const bars = svg("g"), frame = svg("rect", { class: "nn-here", y: chart.top + 1, height: chart.bottom - chart.top - 2 }), heights = [0, 0.5, 1].map((part) => svg("text", { class: "nn-quiet", x: chart.left - 5, y: chart.y(part) + 4, "text-anchor": "end" }));
  chart.ink.append(...heights, bars, frame);
  at.listen(chart.drawing, "click", (event) => at.put({ degree: clamp(Math.round(chart.at(event)[0]), 0, HIGHEST) }));

  // The numbers, and what stands for what
  const half = (chart.x(1) - chart.x(0)) * 0.38;
  const box = (kind) => svg("svg", { viewBox: "0 0 26 12", class: "nn-sample", "aria-hidden": "true" }, ...kind);
  const rect = (kind, x, y, width, height) => svg("rect", { class: kind, x, y, width, height });
  const stripes = (x, y, width, height) => Array.from({ length: Math.floor(height / 4) }, (_, i) => `M${x} ${(y + height - 4 * i - 2).toFixed(1)}h${width}`).join("");
  const hatch = (d) => svg("path", { class: "nn-stripes", d });
  const ring = (x, y, r = 2.6) => svg("circle", { class: "nn-own", cx: x.toFixed(1), cy: y.toFixed(1), r });
  const heads = [["squared bias", [rect("nn-bias", 7, 0, 12, 12)]], ["variance", [rect("nn-spread", 7, 0, 12, 12), hatch(stripes(7, 0, 12, 12))]],
    ["noise", [rect("nn-noise", 7, 0, 12, 12)]], ["sum: error on new targets", []], ["error on own points", [svg("path", { class: "nn-ownline", d: "M0 6H26" }), ring(13, 6)]]];
  const cells = heads.map(() => html("td"));
  const told = html("table", { class: "nn-parts" },
    html("thead", {}, html("tr", {}, ...heads.map(([text, mark]) => html("th", { scope: "col" }, mark.length ? box(mark) : "", html("span", {}, text))))),
    html("tbody", {}, html("tr", {}, ...cells)));
  const key = (text, ...mark) => html("span", {}, box(mark), text);
  const sample = (kind) => svg("path", { class: kind, d: "M0 6H26" });
  const legend = html("p", { class: "nn-key" }, key("truth", sample("nn-truth")), key("a fit", sample("nn-thin")),
    key("the last fit, its points", sample("nn-last"), svg("circle", { class: "nn-point", cx: 13, cy: 6, r: 3 })), key("mean of the fits", sample("nn-mean")));
  const more = (count) => at.put({ sets: Math.min(at.get("sets") + count, MOST) });
  const buttons = [button(at, "One more set", () => more(1)), button(at, "50 more sets", () => more(50))];
  const says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      slider(at, "degree", "degree", { min: 0, max: HIGHEST, step: 1, page: 3, show: String }),
      slider(at, "n", "points in a set", { min: 16, max: ROOM, step: 4, page: 12, show: String }),
      slider(at, "noise", "noise", { min: 0, max: 0.5, step: 0.05, page: 0.1 }),
      ...buttons, button(at, "Start again", () => at.put({ sets: 1 }))),
    html("div", { class: "nn-columns" }, html("div", {}, map.drawing, legend), html("div", {}, chart.drawing, told)), says);

  /** What no degree changes: the sets, and all fits to them. */
  function made(n, noise, sets, seed) {
    const name = [n, noise, sets, seed].join();
    if (cache.key === name) return cache.made;
    const q = basis(n), rows = targets(n, noise, sets, seed), all = coefficients(rows, q);
    Object.assign(cache, { key: name, made: { q, rows, all, told: parts(rows, all, truth(n), q), middle: q.map((_, k) => mean(all.map((c) => c[k]))) } });
    drawBars(noise, cache.made.told);
    return cache.made;
  }

  function draw0() {
    const [degree, n, noise, sets, seed] = KEYS.map(at.get), { q, rows, all, told: sum, middle: c } = made(n, noise, sets, seed);
    const x = places(n).map(map.x), pixels = (values) => coordinates(values.map((y, i) => [x[i], map.y(y)]));
    const recent = all.slice(-THIN).map((one) => answer(one, degree, q));
    const center = answer(c, degree, q);
    thin.forEach((one, i) => set(one, { points: recent[i] ? pixels(recent[i]) : "" }));
    set(last, { points: pixels(recent.at(-1)) });
    set(middle, { points: sets > 1 ? pixels(center) : "" });
    points.replaceChildren(...rows.at(-1).map((y, i) => svg("circle", { class: "nn-point", cx: x[i].toFixed(1), cy: map.y(y).toFixed(1), r: 3 })));
    set(frame, { x: chart.x(degree) - half - 2.5, width: 2 * half + 5 });
    for (const one of buttons) set(one, { disabled: sets === MOST });
    tell(degree, n, noise, sets, sum);
  }

  function drawBars(noise, sum) {
    const top = noise > 0.35 ? 0.6 : 0.3, y = (value) => chart.y(clamp(value / top, 0, 1)), low = best(sum);
    heights.forEach((text, i) => { text.textContent = number((top * i) / 2); });
    bars.replaceChildren(...sum.flatMap(({ bias2, variance }, k) => {
      const x = chart.x(k) - half, whole = noise ** 2 + bias2 + variance, edge = [0, noise ** 2, noise ** 2 + bias2, whole].map(y);
      const piece = (kind, i) => rect(kind, x, edge[i + 1], 2 * half, edge[i] - edge[i + 1]);
      const cut = whole > top ? [svg("polygon", { class: "nn-tip", points: `${x},${chart.top + 8} ${x + 2 * half},${chart.top + 8} ${x + half},${chart.top}` })] : [];
      const marks = [];
      if (k === low) marks.push(svg("path", { class: "nn-low", d: `M${x + half} ${edge[3] - 3}l-5 -8h10z` }), svg("text", { class: "nn-says", x: clamp(x + half, chart.left + 24, chart.right - 24), y: edge[3] - 15, "text-anchor": "middle" }, "lowest"));
      return [piece("nn-noise", 0), piece("nn-bias", 1), piece("nn-spread", 2), hatch(stripes(x, edge[3], 2 * half, edge[2] - edge[3])), ...cut, ...marks];
    }), svg("polyline", { class: "nn-ownline", points: coordinates(sum.map(({ own }, k) => [chart.x(k), y(own)])) }), ...sum.map(({ own }, k) => ring(chart.x(k), y(own), own > top ? 0 : 2.6)));
  }

  function tell(degree, n, noise, sets, sum) {
    const { bias2, variance, own } = sum[degree], values = [bias2, variance, noise ** 2], whole = bias2 + variance + noise ** 2, low = best(sum);
    [...values, whole, own].forEach((value, i) => { cells[i].textContent = digits(value); });
    const most = ["squared bias", "variance", "noise"][values.indexOf(Math.max(...values))];
    says.textContent = `Degree ${degree}, ${sets} training set${sets > 1 ? "s" : ""} of ${n} points: ` + (sets > 1
      ? `on new targets the error is ${digits(whole)}, and most of it is ${most}; on their own points it is ${digits(own)}. Lowest sum: degree ${low}, ${digits(sum[low].bias2 + sum[low].variance + noise ** 2)}.`
      : "one fit differs from the truth, and nobody can say how much of that is bias and how much variance. Draw more sets.");
    set(chart.drawing, { "aria-label": `Bias, variance and noise of every degree: the sum is lowest at degree ${low}` });
  }

  at.watch(KEYS, draw0);
  draw0();
  return at.close;
}

export default { render };
