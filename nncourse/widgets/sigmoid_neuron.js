import { button, choice, clamp, coordinates, html, mark, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

/** 1 / (1 + e^-z), written with e^-|z|, which cannot overflow. */
export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

export const step = (z) => (z >= 0 ? 1 : 0);

/** What one point costs, -ln p or -ln(1 - p), from its logit: log(1 + e^z) - z y without overflow. */
export const cost = (z, y) => Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean logistic loss of the sigmoid neuron. */
export const loss = (points, w, b) => mean(points.map(([x, y]) => cost(w * x + b, y)));

/** d loss / dw = mean of (p - y) x, and d loss / db = mean of p - y. */
export function gradient(points, w, b) {
  const residuals = points.map(([x, y]) => sigmoid(w * x + b) - y);
  return [mean(residuals.map((residual, i) => residual * points[i][0])), mean(residuals)];
}

/** w and b after one step against the gradient. */
export function gradientStep(points, w, b, rate) {
  const [dw, db] = gradient(points, w, b);
  return [w - rate * dw, b - rate * db];
}

/** The input at which z = 0 and p = 0.5; `null` where w = 0. */
export const firing = (w, b) => (w ? -b / w || 0 : null);

/** How many points the step neuron gets wrong. */
export const mistakes = (points, w, b) => points.filter(([x, y]) => step(w * x + b) !== y).length;

const HOURS = [0, 7], W = 10, B = 40, FULL = 2, COIN = Math.log(2);
const KEYS = ["w", "b", "mode", "overlay", "points", "learning_rate"];
const fine = (value) => (value && Math.abs(value) < 5e-4 ? value.toExponential(1).replaceAll("-", "\u2212") : number(value, 3));
const snap = (hours) => Math.round(clamp(hours, ...HOURS) * 10) / 10;
const passed = (label) => (label ? "passed" : "failed");
const FLAT = "its slope is 0 wherever it has one, so nothing says which way to turn w and b";

function render({ model, el }) {
  const at = stage({ model, el }, "sigmoid", "One neuron: a light switch or a dimmer");
  const state = () => Object.fromEntries(KEYS.map((key) => [key, at.get(key)]));
  const output = (mode) => (mode === "step" ? step : sigmoid);

  // Controls
  const held = (w, b) => (at.get("hold") === null ? {} : { hold: firing(w, b) ?? at.get("hold") });
  const turnWeight = (w) => at.put({ w, ...(at.get("hold") !== null && { b: clamp(-w * at.get("hold") || 0, -B, B) }) });
  const turnBias = (b) => at.put({ b, ...held(at.get("w"), b) });
  function descend(count) {
    let { w, b, points, learning_rate: rate } = state();
    for (let i = 0; i < count; i++) {
      [w, b] = gradientStep(points, w, b, rate);
      [w, b] = [clamp(w, -W, W), clamp(b, -B, B)];
    }
    at.put({ w, b, ...held(w, b) });
  }
  const hold = html("input", { type: "checkbox", name: "hold" });
  at.listen(hold, "change", () => at.put({ hold: hold.checked ? firing(at.get("w"), at.get("b")) ?? 0 : null }));
  const stepping = [button(at, "One gradient step", () => descend(1)), button(at, "20 steps", () => descend(20))];
  const modes = [["sigmoid", "sigmoid (dimmer)"], ["step", "step (light switch)"]];
  const restart = button(at, "Start again", () => at.put({ ...at.get("start"), ...(at.get("hold") !== null && { hold: firing(at.get("start").w, at.get("start").b) ?? 0 }) }));

  // Drawing
  const map = plane({ x: HOURS, y: [-0.1, 1.32], width: 340, height: 300, label: "Exam results and the output of the neuron", xLabel: "x, hours studied (\u25cb failed, \u25a0 passed)", ticks: { x: [0, 1, 2, 3, 4, 5, 6, 7], y: [0, 0.5, 1] } });
  const bulbs = Array.from({ length: 14 }, (_, i) => svg("circle", { class: "nn-bulb", cx: map.x(i / 2 + 0.25), cy: map.y(1.2), r: 6 }));
  const half = svg("line", { class: "nn-half", x1: map.left, x2: map.right, y1: map.y(0.5), y2: map.y(0.5) });
  const fires = svg("line", { class: "nn-fires", y1: map.top, y2: map.bottom }), spot = svg("circle", { class: "nn-spot", r: 4, cy: map.y(0.5) });
  const other = svg("polyline", { class: "nn-line nn-other" }), curve = svg("polyline", { class: "nn-line" });
  const where = svg("text", { class: "nn-where" }), threads = svg("g"), marks = svg("g");
  map.ink.append(svg("g", { "aria-hidden": "true" }, half, fires, ...bulbs, threads, other, curve, spot, where), marks);

  const gauge = svg("svg", { viewBox: "0 0 320 66", role: "img", class: "nn-gauge" });
  const rows = html("tbody"), why = html("p", { class: "nn-why" }), says = status();
  const head = html("tr", {}, html("th", { scope: "col" }, "gradient"), html("th", { scope: "col" }, "slope"), html("th", { scope: "col", colspan: 2 }, "next step"));
  at.root.append(
    html("div", { class: "nn-controls" }, choice(at, "mode", "neuron", modes), toggle(at, "overlay", "draw the other too")),
    html("div", { class: "nn-controls" },
      slider(at, "w", "weight w", { min: -W, max: W, step: 0.1, page: 1, change: turnWeight }),
      slider(at, "b", "bias b", { min: -B, max: B, step: 0.1, page: 1, change: turnBias }),
      html("label", { class: "nn-toggle" }, hold, html("span", {}, "keep the firing point while w turns"))),
    html("div", { class: "nn-columns" }, map.drawing, html("div", {}, gauge, html("table", {}, html("thead", {}, head), rows), why)),
    says,
    html("div", { class: "nn-controls" }, ...stepping, restart, slider(at, "learning_rate", "learning rate", { min: 0.1, max: 2, step: 0.1 })),
    html("p", { class: "nn-hint" }, "Drag a point sideways to change its hours, across the middle to change pass and fail. With the keyboard: Tab to a point, left and right arrow move it, Enter changes pass and fail."));

  const change = (index, point) => at.put({ points: at.get("points").map((old, i) => (i === index ? point : old)) });
  function newMark(index) {
    const group = svg("g", { class: "nn-drag", tabindex: 0, role: "button" });
    at.listen(group, "pointerdown", (event) => { group.setPointerCapture(event.pointerId); group.focus({ preventScroll: true }); });
    at.listen(group, "pointermove", (event) => {
      if (!group.hasPointerCapture(event.pointerId)) return;
      const [x, y] = map.at(event);
      change(index, [snap(x), step(y - 0.5)]);
    });
    at.listen(group, "keydown", (event) => {
      const [x, label] = at.get("points")[index];
      const move = { ArrowLeft: -0.1, ArrowRight: 0.1, PageDown: -1, PageUp: 1 }[event.key];
      if (move) change(index, [snap(x + move), label]);
      else if (event.key === "Enter" || event.key === " ") change(index, [x, 1 - label]);
      else return;
      event.preventDefault();
    });
    return group;
  }

  /** The curve in pixels: even steps for the sigmoid, three strokes for the step. */
  function trace(mode, w, b) {
    const x0 = firing(w, b), [low, high] = HOURS, jump = mode === "step" && x0 > low && x0 < high;
    const even = Array.from({ length: 141 }, (_, i) => low + (i / 140) * (high - low)).map((x) => [x, output(mode)(w * x + b)]);
    const corners = jump ? [[low, step(-w)], [x0, step(-w)], [x0, step(w)], [high, step(w)]] : even;
    return coordinates(corners.map(([x, p]) => [map.x(x), map.y(p)]));
  }

  function draw() {
    const now = state(), { w, b, mode, points } = now, f = output(mode), x0 = firing(w, b);
    set(curve, { points: trace(mode, w, b) });
    set(other, { points: now.overlay ? trace(mode === "step" ? "sigmoid" : "step", w, b) : "" });
    bulbs.forEach((bulb, i) => set(bulb, { "fill-opacity": f(w * (i / 2 + 0.25) + b).toFixed(3) }));
    drawFiring(w, x0);
    while (marks.children.length > points.length) { marks.lastChild.remove(); threads.lastChild.remove(); }
    while (marks.children.length < points.length) { marks.append(newMark(marks.children.length)); threads.append(svg("line", {})); }
    points.forEach(([x, y], i) => {
      const p = f(w * x + b), group = marks.children[i];
      set(threads.children[i], { class: Math.abs(p - y) > 0.5 ? "nn-thread nn-far" : "nn-thread", x1: map.x(x), x2: map.x(x), y1: map.y(y), y2: map.y(p) });
      set(group, { transform: `translate(${map.x(x)} ${map.y(y)})`, "aria-label": `${number(x)} hours, ${passed(y)}: p \u2212 y = ${number(p - y)}` });
      const tag = svg("text", { class: "nn-tag", x: x > 5 ? -14 : 14, y: y ? 22 : -14, "text-anchor": x > 5 ? "end" : "start" }, `p \u2212 y = ${number(p - y)}`);
      group.replaceChildren(svg("circle", { class: "nn-halo", r: 13 }), mark(y, 6), tag);
    });
    for (const one of stepping) {
      one.disabled = mode === "step";
      set(one, { title: mode === "step" && `Off: ${FLAT}` });
    }
    if (mode === "step") showStep(now, x0);
    else showSigmoid(now, x0);
  }

  function drawFiring(w, x0) {
    const inside = x0 !== null && x0 >= HOURS[0] && x0 <= HOURS[1], visibility = inside ? "visible" : "hidden";
    set(fires, { visibility, x1: map.x(inside ? x0 : 0), x2: map.x(inside ? x0 : 0) });
    set(spot, { visibility, cx: map.x(inside ? x0 : 0) });
    const right = inside ? x0 < 4.6 : x0 < HOURS[0], edge = right ? map.left + 8 : map.right - 8;
    const beside = inside ? map.x(x0) + (right ? 8 : -8) : edge;
    const below = (w > 0) === right;
    set(where, { x: beside, y: map.y(0.5) + (below ? 18 : -9), "text-anchor": right ? "start" : "end" });
    where.textContent = x0 === null ? "w = 0: the same output everywhere"
      : inside ? `x = ${number(x0)}` : right ? `\u25c4 p = 0.5 at x = ${number(x0)}` : `p = 0.5 at x = ${number(x0)} \u25ba`;
  }

  /** The bar of the loss, or of the share of mistakes, with a landmark on its scale. */
  function drawGauge(title, value, shown, full, landmark, name) {
    const wide = 300 * Math.min(1, value / full), over = value > full, mid = 300 * (landmark / full);
    set(gauge, { "aria-label": `${title}: ${shown}` });
    gauge.replaceChildren(
      svg("text", { x: 0, y: 13 }, title), svg("text", { class: "nn-strong", x: 300, y: 13, "text-anchor": "end" }, shown),
      svg("rect", { class: "nn-frame", x: 0, y: 20, width: 300, height: 16 }), svg("rect", { class: "nn-bar", x: 0, y: 20, width: wide, height: 16 }),
      svg("line", { class: "nn-line", x1: mid, x2: mid, y1: 17, y2: 41 }), svg("text", { class: "nn-quiet", x: mid, y: 54, "text-anchor": "middle" }, name));
    if (over) gauge.append(svg("polygon", { class: "nn-bar", points: "304,18 318,28 304,38" }));
  }

  function row(name, slope, move) {
    const tip = 50 + (move && clamp(Math.abs(move) * 90, 4, 48) * Math.sign(move)), back = tip - 8 * Math.sign(move);
    const arrow = svg("svg", { viewBox: "0 0 100 16", class: "nn-arrow", "aria-hidden": "true" }, svg("line", { class: "nn-zero", x1: 50, x2: 50, y1: 1, y2: 15 }));
    if (move) arrow.append(svg("line", { class: "nn-line", x1: 50, x2: back, y1: 8, y2: 8 }), svg("polygon", { class: "nn-tip", points: `${tip},8 ${back},2 ${back},14` }));
    return html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, slope), html("td", {}, `${move > 0 ? "+" : ""}${number(move, 4)}`), html("td", {}, arrow));
  }
  const table = (slopes, rate, [dw, db] = slopes.map((slope) => (Math.abs(slope) < 1e-12 ? 0 : slope))) => rows.replaceChildren(
    row("w: mean of (p\u2212y)x", number(dw, 4), -rate * dw), row("b: mean of p\u2212y", number(db, 4), -rate * db));

  function showSigmoid({ w, b, points, learning_rate: rate }, x0) {
    const now = loss(points, w, b);
    drawGauge("mean logistic loss", now, fine(now), FULL, COIN, "0.69: p = 0.5 for all");
    table(gradient(points, w, b), rate);
    why.textContent = "A thread from a point to the curve is its p \u2212 y. The slope for b is their mean; the one for w weighs each by its x. A step goes against them.";
    const [x, y] = points.reduce((worst, point) => (cost(w * point[0] + b, point[1]) > cost(w * worst[0] + b, worst[1]) ? point : worst));
    const z = w * x + b, price = cost(z, y), chance = fine(sigmoid(y ? z : -z));
    says.textContent = `Sigmoid: ${x0 === null ? "w = 0, so p is the same everywhere" : `fires (p = 0.5) at x = ${number(x0)}; slope there ${number(w / 4)}`}; loss ${number(now, 4)}. ` +
      `Costliest point: x = ${number(x)}, ${passed(y)}. The neuron gave that ${y ? "p" : "1 \u2212 p"} = ${chance}, which costs \u2212ln ${chance} = ${number(price)}${price > 4 ? ": confident and wrong, yet finite" : ""}.`;
  }

  function showStep({ w, b, points }, x0) {
    const wrong = mistakes(points, w, b);
    drawGauge("share wrong", wrong / points.length, `${wrong} of ${points.length}`, 1, 0.5, "half of them");
    table([0, 0], 0);
    why.textContent = `No gradient step for the step neuron: ${FLAT}.`;
    says.textContent = `Step: ${x0 === null ? "w = 0, so the output is the same everywhere" : `switches ${w > 0 ? "on" : "off"} at x = ${number(x0)}`}; slope 0; ${wrong} of ${points.length} wrong. ` +
      (wrong ? "Its logistic loss would be infinite: an output of exactly 0 or 1 that is wrong costs \u2212ln 0." : "Every output is right, so its logistic loss would be 0; a single mistake makes it infinite.");
  }

  const tick = () => { hold.checked = at.get("hold") !== null; };
  at.watch(["hold"], tick);
  at.watch(KEYS, draw);
  tick();
  draw();
  return at.close;
}

export default { render };
