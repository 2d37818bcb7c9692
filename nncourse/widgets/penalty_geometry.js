import { choice, clamp, coordinates, html, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

const sum = (w, f) => f(w[0]) + f(w[1]);

/** How far the loss at w lies above its bottom: d.C d / 2, where C has ones on its diagonal and the correlation beside it. */
export function loss(w, bottom, correlation) {
  const a = w[0] - bottom[0], b = w[1] - bottom[1];
  return (a * a + 2 * correlation * a * b + b * b) / 2;
}

/** The penalty on the weights, before its strength: what the diamond and the circle are contour lines of. */
export const price = (penalty, w) => sum(w, penalty === "L1" ? Math.abs : (one) => one * one);

/** The weights with the lowest loss + strength * price, exactly. */
export function lowest(penalty, bottom, correlation, strength) {
  const pull = [bottom[0] + correlation * bottom[1], correlation * bottom[0] + bottom[1]];
  /** The solution of [[d, c], [c, d]] w = right side. */
  const solve = (d, [a, b]) => [(d * a - correlation * b) / (d * d - correlation ** 2), (d * b - correlation * a) / (d * d - correlation ** 2)];
  if (penalty === "L2") return solve(1 + 2 * strength, pull);
  // The sign of each weight at the lowest place is one of -, 0, +. The first of the lowest: zeros come before the others.
  const single = (value) => Math.sign(value) * Math.max(Math.abs(value) - strength, 0);
  const places = [[0, 0], [single(pull[0]), 0], [0, single(pull[1])]];
  for (const signs of [[1, 1], [1, -1], [-1, 1], [-1, -1]]) {
    const w = solve(1, pull.map((value, j) => value - strength * signs[j]));
    if (w.every((value, j) => value * signs[j] > 0)) places.push(w);
  }
  const total = (w) => loss(w, bottom, correlation) + strength * price("L1", w);
  return places.reduce((best, w) => (total(w) < total(best) - 1e-14 ? w : best));
}

/** Which weights are 0, up to the rounding of a machine. */
export const zeros = (w) => w.map((one) => Math.abs(one) < 1e-12);

/** Under L2 a weight ends at 0 from one line of bottoms alone: where its own is so many times the other's. */
export const tilt = (correlation, strength) => (-2 * correlation * strength) / (1 + 2 * strength - correlation ** 2);

/** The half-axes of the ellipse on which the loss has this height: along (1, 1) and along (1, -1). */
export const axes = (height, correlation) => [Math.sqrt((2 * height) / (1 + correlation)), Math.sqrt((2 * height) / (1 - correlation))];

const REACH = 2, MOST = 2, KEYS = ["penalty", "bottom", "correlation", "strength", "landing"];
const GRID = Array.from({ length: 21 }, (_, k) => k / 5 - REACH), STRENGTHS = Array.from({ length: 81 }, (_, k) => (k * MOST) / 80);
const place = (w) => `(${number(w[0])}, ${number(w[1])})`;

function render({ model, el }) {
  const at = stage({ model, el }, "penalty", "Where a penalty moves the bottom");
  const view = { x: [-2.2, 2.2], y: [-2.2, 2.2], ticks: { x: [-2, -1, 0, 1, 2], y: [-2, -1, 0, 1, 2] } };
  const map = plane({ ...view, label: "Two weights: contour lines of the loss and of the penalty", xLabel: "w\u2081", yLabel: "w\u2082" });
  const chart = plane({ x: [0, MOST], y: [-2.2, 2.2], width: 320, height: 240, label: "The two weights against the strength of the penalty", xLabel: "strength \u03bb", ticks: { x: [0, 0.5, 1, 1.5, 2], y: [-2, -1, 0, 1, 2] } });
  set(chart.drawing, { role: "img" });

  // The map: what leaves the frame is not drawn
  const [left, top, width, height] = [map.left, map.top, map.right - map.left, map.bottom - map.top], unit = map.x(1) - map.x(0); // the same in y
  const inside = svg("svg", { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}`, "aria-hidden": "true" });
  inside.style.cssText = `width:${width}px;height:${height}px;max-width:none`;
  const line = (drawing, from, to) => svg("line", { class: "nn-zero-line", x1: drawing.x(from[0]), y1: drawing.y(from[1]), x2: drawing.x(to[0]), y2: drawing.y(to[1]) });
  const lands = svg("g"), rings = [0.4, 0.8, 1.2, 1.6, 2, 2.4].map(() => svg("ellipse", { class: "nn-contour" })), touching = svg("ellipse", { class: "nn-touch" }), budget = svg("polygon", { class: "nn-budget" });
  const walk = svg("polyline", { class: "nn-walk" }), found = svg("circle", { class: "nn-found", r: 6 }), zeroRing = svg("circle", { class: "nn-landed", r: 11 });
  inside.append(line(map, [-2.2, 0], [2.2, 0]), line(map, [0, -2.2], [0, 2.2]), lands, ...rings, budget, touching, walk, zeroRing, found);
  const handle = svg("g", { class: "nn-drag", tabindex: 0, role: "button" }, svg("circle", { class: "nn-halo", r: 16 }), svg("path", { class: "nn-bottom", d: "M-6,-6L6,6M-6,6L6,-6" }));
  map.ink.append(inside, handle);

  // The chart
  const lines = ["nn-first", "nn-second"].map((kind) => svg("polyline", { class: `nn-line ${kind}` }));
  const rests = ["nn-first", "nn-second"].map((kind) => svg("path", { class: `nn-rest ${kind}` }));
  const names = ["w\u2081", "w\u2082"].map((name) => svg("text", { class: "nn-name" }, name));
  const dots = [svg("circle", { class: "nn-first nn-dot", r: 4.5 }), svg("rect", { class: "nn-second nn-dot", x: -4, y: -4, width: 8, height: 8 })];
  const cut = svg("line", { class: "nn-cut", y1: chart.top, y2: chart.bottom });
  chart.ink.append(line(chart, [0, 0], [MOST, 0]), cut, ...rests, ...lines, ...names, ...dots);

  const key = html("p", { class: "nn-key" }, "Orange: all weights with the loss of \u25cf. Blue: all whose penalty is no higher than that of \u25cf. Dotted: where \u25cf goes as the strength grows.");
  const says = status(), title = (text) => html("p", { class: "nn-title" }, text);
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "penalty", "penalty", [["L1", "L1: the sum of |w|"], ["L2", "L2: the sum of w\u00b2"]]),
      slider(at, "strength", "strength \u03bb", { min: 0, max: MOST, step: 0.05, page: 0.25 }),
      slider(at, "correlation", "correlation", { min: -0.9, max: 0.9, step: 0.1, page: 0.3 }),
      toggle(at, "landing", "mark all bottoms that end with a zero (| w\u2081, \u2013 w\u2082, + both)")),
    html("div", { class: "nn-columns" },
      html("div", {}, title("\u00d7 bottom, \u25cf where it moves"), map.drawing, key),
      html("div", {}, title("Weights against strength"), chart.drawing, says)),
    html("p", { class: "nn-hint" }, "Drag the \u00d7, or reach it with the Tab key and move it with the arrow keys; Home puts it back."));

  const home = at.get("bottom");
  const move = (to) => at.put({ bottom: to.map((value) => clamp(Math.round(value * 10) / 10, -REACH, REACH) + 0) });
  at.listen(handle, "pointerdown", (event) => { handle.setPointerCapture(event.pointerId); handle.focus({ preventScroll: true }); });
  at.listen(handle, "pointermove", (event) => handle.hasPointerCapture(event.pointerId) && move(map.at(event)));
  at.listen(handle, "keydown", (event) => {
    const way = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (way) move(at.get("bottom").map((value, j) => value + way[j]));
    else if (event.key === "Home") at.put({ bottom: home });
    else return;
    event.preventDefault();
  });

  const pixels = (to, points) => coordinates(points.map(([x, y]) => [to.x(x), to.y(y)]));

  /** An ellipse of equal loss, in attributes. */
  function ellipse([x, y], correlation, level) {
    const [along, across] = axes(level, correlation);
    return { rx: (along * unit).toFixed(2), ry: (across * unit).toFixed(2), transform: `translate(${map.x(x)} ${map.y(y)}) rotate(-45)` };
  }

  /** Every weight that costs no more than these: a diamond, or a circle. */
  function affordable(penalty, w) {
    const reach = penalty === "L1" ? price("L1", w) : Math.sqrt(price("L2", w));
    const corners = penalty === "L1" ? 4 : 72;
    return Array.from({ length: corners }, (_, k) => (2 * Math.PI * k) / corners).map((angle) => [reach * Math.cos(angle), reach * Math.sin(angle)]);
  }

  /** A dash along the axis on which a bottom would land; a cross where both weights would; under L2 two lines. */
  function marks(penalty, correlation, strength) {
    const d = GRID.flatMap((x) => GRID.map((y) => {
      const [first, second] = zeros(lowest(penalty, [x, y], correlation, strength)), spot = `${map.x(x).toFixed(1)},${map.y(y).toFixed(1)}`;
      return (second ? `M${spot}m-3.5,0h7` : "") + (first ? `M${spot}m0,-3.5v7` : "");
    }));
    const slope = tilt(correlation, strength), ends = [-2.2, 2.2];
    const lines = penalty === "L2" ? [ends.map((y) => [slope * y, y]), ends.map((x) => [x, slope * x])] : []; // too thin for a grid
    return [...lines.map((points) => svg("polyline", { class: "nn-thread", points: pixels(map, points) })), svg("path", { class: "nn-lands", d: d.join("") })];
  }

  function draw() {
    const [penalty, bottom, correlation, strength, landing] = KEYS.map((key) => at.get(key));
    const path = STRENGTHS.map((one) => lowest(penalty, bottom, correlation, one)), w = lowest(penalty, bottom, correlation, strength), gone = zeros(w), rest = path.map(zeros);
    lands.replaceChildren(...(landing ? marks(penalty, correlation, strength) : []));
    rings.forEach((ring, k) => set(ring, ellipse(bottom, correlation, (0.4 * (k + 1)) ** 2 / 2)));
    set(touching, ellipse(bottom, correlation, loss(w, bottom, correlation)));
    set(budget, { points: pixels(map, affordable(penalty, w)) });
    set(walk, { points: pixels(map, path) });
    for (const ring of [found, zeroRing]) set(ring, { cx: map.x(w[0]).toFixed(2), cy: map.y(w[1]).toFixed(2) });
    set(zeroRing, { visibility: gone.includes(true) ? "visible" : "hidden" });
    set(handle, { transform: `translate(${map.x(bottom[0])} ${map.y(bottom[1])})`, "aria-label": `bottom of the loss at ${place(bottom)}` });

    set(cut, { x1: chart.x(strength), x2: chart.x(strength) });
    const starts = bottom.map((value) => chart.y(value)), near = Math.abs(starts[0] - starts[1]) < 14;
    for (const j of [0, 1]) {
      set(lines[j], { points: pixels(chart, path.map((one, k) => [STRENGTHS[k], one[j]])) });
      set(rests[j], { d: STRENGTHS.map((one, k) => (k && rest[k][j] && rest[k - 1][j] ? `M${chart.x(STRENGTHS[k - 1])},${chart.y(0) + 5 * (2 * j - 1)}H${chart.x(one)}` : "")).join("") });
      set(dots[j], j ? { transform: `translate(${chart.x(strength)} ${chart.y(w[j])})` } : { cx: chart.x(strength), cy: chart.y(w[j]) });
      const upper = bottom[j] > bottom[1 - j] || (bottom[0] === bottom[1] && j === 0);
      set(names[j], { x: chart.left + 5, y: clamp(starts[j] - 6 + (near ? (upper ? -4 : 20) : 0), chart.top + 12, chart.bottom - 4) });
    }
    says.textContent = tell(penalty, bottom, strength, w, gone);
  }

  function tell(penalty, bottom, strength, w, gone) {
    const both = gone[0] && gone[1], which = gone[0] ? "w\u2081" : "w\u2082";
    const zero = both ? "Both weights are exactly 0." : gone.includes(true) ? `${which} is exactly 0.` : "No weight is exactly 0.";
    return `${penalty}, strength ${number(strength)}: from ${place(bottom)} to ${place(w)}. ${zero}`;
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
