import { boundary, button, choice, clamp, coordinates, halfPlane, html, mark, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

export const GATES = { AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], NAND: [1, 1, 1, 0], XOR: [0, 1, 1, 0] };
const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const RANGE = [-1, 2], MOST = 24, GRID = 0.1;

export const gatePoints = (gate) => CORNERS.map((corner, i) => [...corner, GATES[gate][i]]);

/** The state before the first example: zero weights, nothing seen. */
export const start = () => ({ weights: [0, 0, 0], position: 0, missed: 0, mistakes: [], last: {} });

/** Rosenblatt's rule on one example: the score, the prediction, and the weights (b, w1, w2) after it. */
export function learn([b, w1, w2], [x1, x2, y], rate, strict) {
  const score = b + w1 * x1 + w2 * x2;
  const prediction = (strict ? score > 0 : score >= 0) ? 1 : 0;
  const move = rate * (y - prediction);
  return { score, prediction, weights: [b + move, w1 + move * x1, w2 + move * x2] };
}

/** One example further. The epoch ends with its last example; a clean epoch ends the training. */
export function step({ points, weights, position, missed, mistakes, learning_rate, strict }) {
  const { score, prediction, weights: after } = learn(weights, points[position], learning_rate, strict);
  const wrong = prediction === points[position][2] ? 0 : 1, ends = position + 1 === points.length;
  return {
    weights: after,
    position: ends ? 0 : position + 1,
    missed: ends ? 0 : missed + wrong,
    mistakes: ends ? [...mistakes, missed + wrong] : mistakes,
    last: { index: position, score, prediction, before: weights },
  };
}

export const learnt = ({ mistakes, position }) => position === 0 && mistakes.at(-1) === 0;

const KEYS = ["points", "weights", "position", "missed", "mistakes", "last", "learning_rate", "strict"];
const triple = (values) => `(${values.map((value) => number(value, 3)).join(", ")})`;
const score = (value) => (value !== 0 && Math.abs(value) < 1e-9 ? value.toExponential(1).replace("-", "\u2212") : number(value, 3));
const snap = (value) => Math.round(clamp(value, ...RANGE) / GRID) * GRID;

function render({ model, el }) {
  const at = stage({ model, el }, "perceptron", "Perceptron, one example at a time");
  const state = () => Object.fromEntries(KEYS.map((key) => [key, at.get(key)]));
  const setPoints = (points) => at.put({ gate: "own", points, ...start() });
  let newClass = 1;

  // Controls
  const gates = [...Object.keys(GATES).map((gate) => [gate, gate]), ["own", "own points"]];
  const pick = (gate) => at.put({ gate, ...(gate in GATES && { points: gatePoints(gate) }), ...start() });
  const addClass = html("select", { name: "new-class" }, html("option", { value: 1 }, "class 1 (square)"), html("option", { value: 0 }, "class 0 (circle)"));
  at.listen(addClass, "change", () => { newClass = Number(addClass.value); });
  const forward = (count) => {
    let now = state();
    for (let i = 0; i < count && !learnt(now); i++) now = { ...now, ...step(now) };
    at.put(now);
  };
  const stepping = [
    button(at, "Step", () => forward(1), { title: "Show the perceptron one example" }),
    button(at, "Epoch", () => forward(at.get("points").length - at.get("position"))),
    button(at, "20 epochs", () => forward(20 * at.get("points").length)),
  ];
  const running = html("div", { class: "nn-controls" }, ...stepping, button(at, "Start again", () => at.put(start())), choice(at, "gate", "data", gates, pick));
  const adding = html("div", { class: "nn-controls" },
    button(at, "Add a point", () => add([0.5, 0.5])),
    html("label", { class: "nn-choice" }, html("span", {}, "of"), addClass),
    toggle(at, "strict", "fire only above 0"));
  const rate = slider(at, "learning_rate", "learning rate", { min: 0.1, max: 2, step: 0.1 });
  at.watch(["learning_rate", "strict"], () => at.put(start()));

  // Drawing
  const map = plane({ x: RANGE, y: RANGE, label: "The data and the line of the perceptron", xLabel: "x\u2081", yLabel: "x\u2082", ticks: { x: [-1, 0, 1, 2], y: [-1, 0, 1, 2] } });
  const side = svg("polygon", { class: "nn-side" }), line = svg("polyline", { class: "nn-line" });
  const ring = svg("circle", { class: "nn-ring", r: 13 }), marks = svg("g");
  map.ink.append(side, line, ring, marks);
  at.listen(map.drawing.querySelector(".nn-frame"), "click", (event) => add(map.at(event).map(snap)));

  const facts = html("tbody"), says = status();
  const table = html("table", {}, html("caption", {}, "The last example"), facts);
  const bars = svg("svg", { viewBox: "0 0 320 96", role: "img", class: "nn-bars" });
  at.root.append(
    running, html("div", { class: "nn-columns" }, map.drawing, html("div", {}, table, bars)), says,
    html("div", { class: "nn-controls" }, rate), adding,
    html("p", { class: "nn-hint" }, "Click into the drawing to add a point, drag one to move it. With the keyboard: Tab to a point, arrow keys move it, Enter changes its class, Delete removes it."));

  function add(place) {
    if (at.get("points").length < MOST) setPoints([...at.get("points"), [...place, newClass]]);
  }
  const change = (index, point) => setPoints(at.get("points").map((old, i) => (i === index ? point : old)));

  function newMark(index) {
    const group = svg("g", { class: "nn-drag", tabindex: 0, role: "button" });
    at.listen(group, "pointerdown", (event) => { group.setPointerCapture(event.pointerId); group.focus({ preventScroll: true }); });
    at.listen(group, "pointermove", (event) => {
      if (!group.hasPointerCapture(event.pointerId)) return;
      change(index, [...map.at(event).map(snap), at.get("points")[index][2]]);
    });
    at.listen(group, "keydown", (event) => {
      const [x, y, label] = at.get("points")[index];
      const move = { ArrowLeft: [-GRID, 0], ArrowRight: [GRID, 0], ArrowUp: [0, GRID], ArrowDown: [0, -GRID] }[event.key];
      if (move) change(index, [snap(x + move[0]), snap(y + move[1]), label]);
      else if (event.key === "Enter" || event.key === " ") change(index, [x, y, 1 - label]);
      else if (event.key === "Delete" && at.get("points").length > 1) setPoints(at.get("points").filter((_, i) => i !== index));
      else return;
      event.preventDefault();
    });
    return group;
  }

  function draw() {
    const now = state(), [b, ...w] = now.weights;
    const toPixels = (corners) => coordinates(corners.map(([x, y]) => [map.x(x), map.y(y)]));
    set(side, { points: toPixels(now.strict && !b && !w[0] && !w[1] ? [] : halfPlane(w, b, RANGE, RANGE)) });
    set(line, { points: toPixels(boundary(w, b, RANGE, RANGE)) });
    while (marks.children.length > now.points.length) marks.lastChild.remove();
    while (marks.children.length < now.points.length) marks.append(newMark(marks.children.length));
    now.points.forEach(([x, y, label], i) => {
      const group = marks.children[i];
      set(group, { transform: `translate(${map.x(x)} ${map.y(y)})`, "aria-label": `point (${number(x)}, ${number(y)}), class ${label}` });
      group.replaceChildren(svg("circle", { class: "nn-halo", r: 15 }), mark(label));
    });
    describeLast(now);
    drawBars(now.mistakes);
    for (const one of stepping) one.disabled = learnt(now);
  }

  function describeLast({ last, points, weights, mistakes, missed, position }) {
    const point = points[last.index];
    set(ring, point ? { visibility: "visible", cx: map.x(point[0]), cy: map.y(point[1]) } : { visibility: "hidden" });
    const right = point && last.prediction === point[2];
    const rows = [
      ["input x", point ? `(${number(point[0])}, ${number(point[1])})` : "none yet"],
      ["score z = b + w\u2081x\u2081 + w\u2082x\u2082", point ? score(last.score) : ""],
      ["prediction, target y", point ? `${last.prediction}, ${point[2]} ${right ? "\u2713 right" : "\u2717 wrong"}` : ""],
      ["b, w\u2081, w\u2082 before", point ? triple(last.before) : ""],
      ["b, w\u2081, w\u2082 now", triple(weights)],
    ];
    facts.replaceChildren(...rows.map(([name, value]) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, value))));
    const seen = point
      ? `Example (${number(point[0])}, ${number(point[1])}), target ${point[2]}: score ${score(last.score)}, prediction ${last.prediction}, ` +
        (right ? "right, nothing changes. " : `wrong: (b, w\u2081, w\u2082) goes from ${triple(last.before)} to ${triple(weights)}. `)
      : "Press Step to show the perceptron its first example. ";
    const total = mistakes.reduce((sum, count) => sum + count, 0);
    const epochs = mistakes.length
      ? `Mistakes in ${mistakes.length > 12 ? "the last 12 epochs" : "each epoch"}: ${mistakes.slice(-12).join(", ")}, ` +
        `in all ${total}${position ? `; in this one so far ${missed}` : ""}. ` : "";
    says.textContent = seen + epochs + (learnt({ mistakes, position }) ? "An epoch without a mistake: learning is over." : "");
  }

  function drawBars(mistakes) {
    const shown = mistakes.slice(-20), high = Math.max(4, ...shown);
    set(bars, { "aria-label": `Mistakes in each epoch: ${mistakes.join(", ") || "none yet"}` });
    bars.replaceChildren(svg("text", { x: 0, y: 12 }, "mistakes in each epoch"), svg("line", { class: "nn-line", x1: 0, x2: 320, y1: 82, y2: 82 }));
    shown.forEach((count, i) => {
      const tall = (count / high) * 48;
      bars.append(svg("rect", { class: "nn-class1", x: i * 16 + 2, y: 82 - tall, width: 12, height: tall }));
      bars.append(svg("text", { x: i * 16 + 8, y: 95, "text-anchor": "middle" }, String(count)));
    });
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
