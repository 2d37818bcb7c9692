import { button, clamp, coordinates, html, mark, plane, set, slider, stage, status, svg } from "./kit.js";

/** What becomes of the rows when those with p >= threshold are called positive: [[TP, FN], [FP, TN]]. */
export function confusion(y, p, threshold) {
  const table = [[0, 0], [0, 0]];
  y.forEach((label, i) => { table[1 - label][p[i] >= threshold ? 0 : 1] += 1; });
  return table;
}

const share = (part, whole) => (whole ? part / whole : 0);

export const accuracy = ([[tp, fn], [fp, tn]]) => (tp + tn) / (tp + fn + fp + tn);
export const precision = ([[tp], [fp]]) => share(tp, tp + fp);
export const recall = ([[tp, fn]]) => share(tp, tp + fn);
export const f1 = ([[tp, fn], [fp]]) => share(2 * tp, 2 * tp + fp + fn);

/** The point on the ROC curve: false positive rate and recall. */
export const rates = ([[tp, fn], [fp, tn]]) => [fp / (fp + tn), tp / (tp + fn)];

/** The mean cost of a row. */
export const cost = ([[tp, fn], [fp, tn]], miss, alarm) => (miss * fn + alarm * fp) / (tp + fn + fp + tn);

/** From which p on calling a row positive is the cheaper answer, where p keeps its word. */
export const formulaCut = (miss, alarm) => alarm / (alarm + miss);

/** The scores at which something happens, upwards. Above the last one nothing is called positive. */
const cuts = (p) => [...new Set([...p, 1])].sort((a, b) => a - b);

/** The ROC curve from nothing called positive, at (0, 0), to everything, at (1, 1). */
export const rocCurve = (y, p) => [[0, 0], ...[...new Set(p)].sort((a, b) => b - a).map((cut) => rates(confusion(y, p, cut)))];

/** Stairs [cut, cost]: what each cut costs, from the stair before (not included) up to this one. */
export const staircase = (y, p, miss, alarm) => cuts(p).map((cut) => [cut, cost(confusion(y, p, cut), miss, alarm)]);

/** The place of the lowest stair; of several, the first. */
export const lowest = (stairs) => stairs.reduce((best, [, price], i) => (price < stairs[best][1] ? i : best), 0);

/** Stack marks so that no two of a level stand closer than `gap`: the level of each. */
export function levels(places, gap) {
  const ends = [], level = new Array(places.length);
  for (const i of [...places.keys()].sort((a, b) => places[a] - places[b])) {
    const free = ends.findIndex((end) => places[i] - end >= gap);
    level[i] = free < 0 ? ends.length : free;
    ends[level[i]] = places[i];
  }
  return level;
}

const digits = (value, count = 3) => value.toFixed(count);
const WIDE = 340, STEP = 6.6, KEYS = ["y_true", "p", "names", "threshold", "cost_of_miss", "cost_of_alarm"];
const capital = (word) => word[0].toUpperCase() + word.slice(1);

function render({ model, el }) {
  const at = stage({ model, el }, "threshold", "A threshold and what its errors cost");
  const move = (threshold) => at.put({ threshold: clamp(threshold, 0, 1) });
  const prices = (key, label) => slider(at, key, label, { min: 1, max: 20, step: 1, page: 5, show: String });

  // The strips and, on the same axis below them, the staircase of the cost: one cut runs through both.
  const ends = { x: [0, 0.5, 1], y: [] };
  const strips = plane({ x: [0, 1], y: [0, 2], width: WIDE, height: 240, margin: 32, label: "The rows by their probability, in two strips", ticks: { x: [], y: [] } });
  const stairs = plane({ x: [0, 1], y: [0, 1.1], width: WIDE, height: 216, margin: 32, label: "Cost of a row against the threshold", xLabel: "threshold", yLabel: "cost of a row", ticks: ends });
  set(strips.drawing, { viewBox: `0 0 ${WIDE} ${strips.bottom + 4}` }); // its axis is that of the staircase
  const inside = plane({ x: [0, 1], y: [0, 1], width: 220, height: 220, margin: 32, label: "ROC curve", xLabel: "false positive rate", yLabel: "recall", ticks: { x: [0, 1], y: [0, 1] } });
  const text = (x, y, anchor, kind = "nn-says") => svg("text", { class: kind, x, y, "text-anchor": anchor });
  const words = [1, 0].map((label) => [text(strips.left + 5, strips.y(label + 1) + 15, "start"), text(strips.right - 5, strips.y(label + 1) + 15, "end")]);
  const rows = svg("g", { "aria-hidden": "true" });
  const line = (drawing, kind) => svg("line", { class: kind, y1: drawing.top, y2: drawing.bottom });
  const grip = svg("g", { class: "nn-drag nn-grip" }, line(strips, "nn-wide"), line(strips, "nn-cut"), svg("polygon", { class: "nn-tip", points: `-8,${strips.top - 9} 8,${strips.top - 9} 0,${strips.top + 3}` }));
  const cut = line(stairs, "nn-cut"), advice = line(stairs, "nn-advice"), advised = svg("text", { class: "nn-says", y: stairs.top + 12 }, "formula");
  const curve = svg("polyline", { class: "nn-line" }), low = svg("polyline", { class: "nn-low" }), spot = svg("circle", { class: "nn-spot", r: 5 }), cheap = svg("circle", { class: "nn-lowest", r: 6 });
  const middle = strips.y(1), ceiling = text(stairs.left - 4, stairs.y(1) + 4, "end", "nn-quiet"), floor = text(stairs.left - 4, stairs.y(0), "end", "nn-quiet");
  floor.textContent = "0";
  strips.ink.append(svg("line", { class: "nn-between", x1: strips.left, x2: strips.right, y1: middle, y2: middle }), rows, grip, ...words.flat());
  const least = text(0, 0, "middle"), name = text(inside.right - 5, inside.bottom - 6, "end");
  least.textContent = "lowest";
  name.textContent = "ROC curve";
  stairs.ink.append(svg("g", { "aria-hidden": "true" }, advice, advised, cut, curve, low, least, cheap, spot, ceiling, floor));
  const roc = svg("polyline", { class: "nn-line" }), here = svg("circle", { class: "nn-spot", r: 5 });
  inside.ink.append(svg("g", { "aria-hidden": "true" }, svg("line", { class: "nn-advice", x1: inside.x(0), y1: inside.y(0), x2: inside.x(1), y2: inside.y(1) }), name, roc, here));

  // The tables
  const cells = Array.from({ length: 4 }, () => html("td")), heads = Array.from({ length: 4 }, (_, i) => html("th", { scope: i < 2 ? "col" : "row" }));
  const positive = html("caption");
  const counts = html("table", { class: "nn-counts" }, positive, html("thead", {}, html("tr", {}, html("td"), heads[0], heads[1])),
    html("tbody", {}, html("tr", {}, heads[2], cells[0], cells[1]), html("tr", {}, heads[3], cells[2], cells[3])));
  const scores = ["accuracy", "precision", "recall", "F1", "cost"].map((name) => [name, html("td", { class: "nn-how" }), html("td")]);
  const told = html("table", { class: "nn-scores" }, html("tbody", {}, ...scores.map(([name, how, value]) => html("tr", {}, html("th", { scope: "row" }, name), how, value))));
  const says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      slider(at, "threshold", "threshold", { min: 0, max: 1, step: 0.01, page: 0.1, show: (value) => digits(value), change: move }),
      prices("cost_of_miss", "a miss costs"), prices("cost_of_alarm", "a false alarm costs"),
      button(at, "Cut at a half", () => move(0.5)),
      button(at, "Cut where the formula says", () => move(formulaCut(at.get("cost_of_miss"), at.get("cost_of_alarm"))))),
    html("div", { class: "nn-columns" }, html("div", {}, strips.drawing, stairs.drawing), html("div", {}, counts, told, inside.drawing)),
    says,
    html("p", { class: "nn-hint" }, "The cut can be dragged by its grip. With the keyboard: arrow keys move a slider, PageUp and PageDown move it further."));

  at.listen(grip, "pointerdown", (event) => grip.setPointerCapture(event.pointerId));
  at.listen(grip, "pointermove", (event) => {
    if (grip.hasPointerCapture(event.pointerId)) move(Math.round(strips.at(event)[0] * 100) / 100);
  });

  /** The marks of the rows, each at its probability. */
  function place() {
    const y = at.get("y_true"), p = at.get("p"), level = new Array(y.length);
    for (const label of [0, 1]) {
      const own = [...y.keys()].filter((i) => y[i] === label);
      levels(own.map((i) => strips.x(p[i])), STEP).forEach((one, k) => { level[own[k]] = one; });
    }
    const gap = Math.min(STEP, 66 / Math.max(1, ...level)); // many rows stand closer
    rows.replaceChildren(...y.map((label, i) => {
      const group = svg("g", { transform: `translate(${strips.x(p[i]).toFixed(2)} ${(strips.y(label) - 6 - gap * level[i]).toFixed(2)})` });
      group.append(mark(label, label ? 3 : 2.6));
      return group;
    }));
    set(roc, { points: coordinates(rocCurve(y, p).map(([x, up]) => [inside.x(x), inside.y(up)])) });
  }

  function draw() {
    const { y_true: y, p, names: [no, yes], threshold, cost_of_miss: miss, cost_of_alarm: alarm } = Object.fromEntries(KEYS.map((key) => [key, at.get(key)]));
    const table = confusion(y, p, threshold), [[tp, fn], [fp, tn]] = table, n = y.length, paid = cost(table, miss, alarm);
    [[`\u25a0 ${yes}: ${fn} missed`, `${tp} found`], [`\u25cb ${no}: ${tn} left alone`, `${fp} false alarm${fp === 1 ? "" : "s"}`]]
      .forEach((pair, row) => pair.forEach((word, side) => { words[row][side].textContent = word; }));
    y.forEach((label, i) => set(rows.children[i].firstChild, { class: `nn-class${label}${(p[i] >= threshold) !== (label === 1) ? " nn-wrong" : ""}` }));
    set(grip, { transform: `translate(${strips.x(threshold)} 0)` });
    const steps = staircase(y, p, miss, alarm);
    drawStairs(steps, threshold, paid, formulaCut(miss, alarm));
    const [x, up] = rates(table);
    set(here, { cx: inside.x(x), cy: inside.y(up) });
    set(inside.drawing, { "aria-label": `ROC curve: here recall ${digits(up)} at a false positive rate of ${digits(x)}` });

    positive.textContent = `${capital(yes)} is the positive class`;
    [`called ${yes}`, `called ${no}`, `is ${yes}`, `is ${no}`].forEach((word, i) => { heads[i].textContent = word; });
    [`${tp} found`, `${fn} missed`, `${fp} alarms`, `${tn} left alone`].forEach((word, i) => { cells[i].textContent = word; });
    const parts = [[`(${tp} + ${tn}) / ${n}`, accuracy(table)], [`${tp} / (${tp} + ${fp})`, precision(table)], [`${tp} / (${tp} + ${fn})`, recall(table)],
      [`${2 * tp} / (${2 * tp} + ${fp} + ${fn})`, f1(table)], [`(${miss}\u00b7${fn} + ${alarm}\u00b7${fp}) / ${n}`, paid]];
    parts.forEach(([how, value], i) => { scores[i][1].textContent = how; scores[i][2].textContent = digits(value); });
    const base = Math.max(tp + fn, fp + tn), common = base === fp + tn ? no : yes;
    says.textContent = `Threshold ${digits(threshold)}: ${fn} of ${tp + fn} ${yes} missed, ${fp} of ${fp + tn} ${no} called ${yes}. Accuracy ${digits(accuracy(table))}` +
      ` (always \u201c${common}\u201d: ${digits(base / n)}). A row costs ${digits(paid)}; ${cheapest(steps, paid)}`;
  }

  function cheapest(steps, paid) {
    const [where, price] = steps[lowest(steps)];
    return paid - price < 1e-12 ? "no cut is cheaper on these rows." : `on these rows the cheapest cut, ${digits(where)}, costs ${digits(price)}.`;
  }

  function drawStairs(steps, threshold, paid, advice0) {
    const top = Math.max(...steps.map(([, value]) => value)), y = (value) => stairs.y(value / (top || 1)), best = lowest(steps);
    const from = (i) => stairs.x(i ? steps[i - 1][0] : 0), flat = ([where, value], i) => [[from(i), y(value)], [stairs.x(where), y(value)]];
    set(curve, { points: coordinates(steps.flatMap(flat)) });
    set(low, { points: coordinates(flat(steps[best], best)) });
    const spotted = (from(best) + stairs.x(steps[best][0])) / 2;
    set(cheap, { cx: spotted, cy: y(steps[best][1]) });
    set(least, { x: clamp(spotted, stairs.left + 22, stairs.right - 22), y: y(steps[best][1]) - 13 });
    set(cut, { x1: stairs.x(threshold), x2: stairs.x(threshold) });
    set(spot, { cx: stairs.x(threshold), cy: y(paid) });
    set(advice, { x1: stairs.x(advice0), x2: stairs.x(advice0) });
    set(advised, { x: stairs.x(advice0) + (advice0 < 0.7 ? 5 : -5), "text-anchor": advice0 < 0.7 ? "start" : "end" });
    ceiling.textContent = digits(top, top < 10 ? 1 : 0);
    set(stairs.drawing, { "aria-label": `Cost of a row against the threshold: ${digits(paid)} here, lowest at ${digits(steps[best][0])}; the formula says ${digits(advice0)}` });
  }

  at.watch(["y_true", "p"], place);
  at.watch(KEYS, draw);
  place();
  draw();
  return at.close;
}

export default { render };
