import { button, choice, clamp, coordinates, html, number, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

export const NAMES = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "b1", "b2", "b3"];
const MEAN = [100, 5, 4], SPREAD = [15, 2, 1.75], MOST = 8;

/** What enters the network: standardised numbers, or the raw ones. */
export const entering = (x, raw) => (raw ? x.map((value, j) => MEAN[j] + SPREAD[j] * value) : x);

function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** Scores and outputs of the two hidden neurons and of the output; p holds w1 to w8, then b1 to b3. */
export function forward(x, p) {
  const z1 = x[0] * p[0] + x[1] * p[2] + x[2] * p[4] + p[8], z2 = x[0] * p[1] + x[1] * p[3] + x[2] * p[5] + p[9];
  const h1 = sigmoid(z1), h2 = sigmoid(z2), z3 = h1 * p[6] + h2 * p[7] + p[10];
  return { z: [z1, z2, z3], h: [h1, h2, sigmoid(z3)] };
}

export const loss = (x, y, p) => (forward(x, p).h[2] - y) ** 2;

/** The deltas of the three neurons, the output's first, and the slopes of the loss in the eleven parameters. */
export function backward(x, y, p) {
  const { h: [h1, h2, answer] } = forward(x, p);
  const d3 = 2 * (answer - y) * answer * (1 - answer);
  const d1 = d3 * p[6] * h1 * (1 - h1), d2 = d3 * p[7] * h2 * (1 - h2);
  return { deltas: [d1, d2, d3], slopes: [x[0] * d1, x[0] * d2, x[1] * d1, x[1] * d2, x[2] * d1, x[2] * d2, h1 * d3, h2 * d3, d1, d2, d3] };
}

/** All eleven parameters against their slopes, at once. */
export const update = (p, slopes, rate) => p.map((value, k) => value - rate * slopes[k]);

/** The losses above and below a parameter, and the slope that they measure. */
export function nudge(x, y, p, k, by) {
  const [above, below] = [by, -by].map((n) => loss(x, y, p.map((value, i) => (i === k ? value + n : value))));
  return { above, below, slope: (above - below) / (2 * by) };
}

/** Where a parameter comes from (an input, a hidden neuron, or nowhere: a bias) and the neuron where it ends. */
const ends = (k) => (k < 6 ? { from: k >> 1, to: k % 2 } : k < 8 ? { from: k - 6, to: 2 } : { from: null, to: k - 8 });
const INTO = [[0, 2, 4, 8], [1, 3, 5, 9], [6, 7, 10]];
const road = (k) => (k < 8 ? `: ${k < 6 ? INPUTS[k >> 1] : low(`h${k - 5}`)} to ${RESULT[ends(k).to]}` : `: bias of ${RESULT[k - 8]}`);
const low = (name) => name.replace(/\d/g, (digit) => "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088"[digit]);
const minus = (text) => text.replaceAll("-", "\u2212");

/** Four digits that count, however small the number. */
function fine(value, digits = 4) {
  if (value === 0) return "0";
  return minus(Math.abs(value) < 1e-3 ? value.toExponential(digits - 2) : String(Number(value.toPrecision(digits))));
}
const factor = (value) => (value < 0 ? `(${fine(value)})` : fine(value));

const RESULT = ["h\u2081", "h\u2082", "y\u0302"], INPUTS = ["IQ", "study", "play"], INPUT = [[28, 46], [28, 160], [28, 274]], NEURON = [[176, 84], [176, 236], [300, 160]];
const STATIONS = ["x", "\u2192 h\u2081, h\u2082", "\u2192 y\u0302", "\u2190 \u03b4\u2083", "\u2190 \u03b4\u2081, \u03b4\u2082"];
const KEYS = ["x", "y", "w", "b", "raw", "station", "look", "rounds", "start"], BY = 0.01;

function render({ model, el }) {
  const back = model.get("way") === "both", last = back ? 4 : 2;
  const at = stage({ model, el }, "net321", "The 3-2-1 network");
  const parameters = () => [...at.get("w"), ...at.get("b")];
  const keep = (p) => at.put({ w: p.slice(0, 8), b: p.slice(8) });
  const chosen = () => NAMES.indexOf(at.get("look"));

  // Controls. A slider of one entry of a list: it sees a stage that knows this entry only.
  const entry = (keys, get) => ({ ...at, get, watch: (_, action) => at.watch(keys, action) });
  const inputs = INPUTS.map((name, j) => slider(entry(["x", "raw"], () => at.get("x")[j]), `x${j + 1}`, `${name}, x${low(String(j + 1))}`, {
    min: -3, max: 3, step: 0.1, page: 1, show: (value) => number(at.get("raw") ? MEAN[j] + SPREAD[j] * value : value),
    change: (value) => at.put({ x: at.get("x").map((old, i) => (i === j ? value : old)) }),
  }));
  const size = slider(entry(["w", "b", "look"], () => parameters()[chosen()]), "parameter", "its value", {
    min: -MOST, max: MOST, step: 0.1, page: 1, show: (value) => fine(value),
    change: (value) => keep(parameters().map((old, k) => (k === chosen() ? value : old))),
  });
  const learn = () => {
    const p = parameters(), x = entering(at.get("x"), at.get("raw"));
    keep(update(p, backward(x, at.get("y"), p).slopes, at.get("learning_rate")).map((value) => clamp(value, -MOST, MOST)));
    at.put({ rounds: at.get("rounds") + 1 });
  };
  const next = () => {
    if (back && at.get("station") === last) learn();
    at.put({ station: (at.get("station") + 1) % (last + 1) });
  };
  const whole = () => { learn(); at.put({ station: last }); };

  // The network
  const net = svg("svg", { viewBox: "0 0 340 320", role: "img", class: "nn-net" });
  const text = (x, y, kind, anchor = "middle") => svg("text", { x, y, class: kind, "text-anchor": anchor });
  const links = NAMES.slice(0, 8).map((name, k) => {
    const { from, to } = ends(k), a = (k < 6 ? INPUT : NEURON)[from], b = NEURON[to];
    const along = (share) => [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
    const steep = k === 1 || k === 4, [left, right] = (k > 5 ? [0.49, 0.64] : steep ? [0.28, 0.7] : [0.38, 0.64]).map(along);
    const ways = { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, far = 30 / Math.hypot(b[0] - a[0], b[1] - a[1]);
    const one = { line: svg("line", { class: "nn-link", ...ways }), weight: text(left[0], left[1] + 4, "nn-weight"), slope: text(right[0], right[1] + 4, "nn-slope") };
    one.tip = svg("polygon", { points: "-5,-5 5,0 -5,5" });
    const turn = (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI;
    one.arrive = `translate(${along(1 - far)}) rotate(${turn})`;
    one.leave = `translate(${along(far)}) rotate(${turn + 180})`;
    one.under = svg("g", {}, svg("line", { class: "nn-wide", ...ways }), one.line, one.tip);
    one.over = svg("g", {}, one.weight, one.slope);
    for (const group of [one.under, one.over]) at.listen(group, "click", () => at.put({ look: name }));
    return one;
  });
  const neuron = ([x, y], name, hidden) => {
    const one = { circle: svg("circle", { class: hidden ? "nn-neuron" : "nn-input", cx: x, cy: y, r: 25 }), value: text(x, y + 13, "nn-shown") };
    one.bias = text(x, y - 32, "nn-weight");
    one.delta = text(x < 200 ? x + 8 : x, y + 41, "nn-slope"); // beside the slopes on the links
    const label = text(x, y - 4, "nn-quiet");
    label.textContent = name;
    one.all = svg("g", {}, one.circle, label, one.value, one.bias, one.delta);
    return one;
  };
  const sources = INPUT.map((place, j) => neuron(place, INPUTS[j], false));
  const neurons = NEURON.map((place, k) => neuron(place, RESULT[k], true));
  neurons.forEach((one, k) => at.listen(one.all, "click", () => at.put({ look: `b${k + 1}` })));
  const target = text(336, 254, "nn-quiet", "end"), cost = text(336, 274, "nn-shown", "end");
  net.append(...links.map((one) => one.under), ...links.map((one) => one.over), ...[...sources, ...neurons].map((one) => one.all), target, cost);

  // The parameter that is worked out
  const lines = Array.from({ length: back ? 5 : 3 }, () => [html("span", { class: "nn-formula" }), html("span", { class: "nn-numbers" })]);
  const worked = html("div", { class: "nn-worked" }, ...lines.map((pair) => html("p", {}, ...pair)));
  const bowl = plane({ x: [-MOST, MOST], y: [0, 1], width: 340, height: 165, margin: 30, label: "Loss against the chosen parameter", ticks: { x: [-8, -4, 0, 4, 8], y: [0, 0.5, 1] } });
  const curve = svg("polyline", { class: "nn-line" }), tangent = svg("line", { class: "nn-tangent" }), spot = svg("circle", { class: "nn-spot", r: 5 });
  bowl.ink.append(curve, tangent, spot);
  set(bowl.drawing, { role: "img" });
  const caption = html("p", { class: "nn-title" }), says = status();

  const strip = html("ol", { class: "nn-strip" }, ...STATIONS.slice(0, last + 1).map((name) => html("li", {}, name)), ...(back ? [html("li", { class: "nn-then" }, "update")] : []));
  at.root.append(
    html("div", { class: "nn-controls nn-inputs" }, ...inputs, ...(back ? [slider(at, "learning_rate", "learning rate", { min: 0.1, max: 5, step: 0.1, page: 1 })] : []),
      toggle(at, "raw", "raw numbers (IQ points, hours)"),
      ...(back ? [choice(at, "y", "target", [["1", "1: passed"], ["0", "0: failed"]], (value) => at.put({ y: Number(value) }))] : [])),
    html("div", { class: "nn-columns" },
      html("div", {}, strip,
        html("div", { class: "nn-controls" }, button(at, "Next step", next), ...(back ? [button(at, "Whole round", whole)] : []), button(at, "Start again", () => at.put(at.get("start")))),
        says, net),
      html("div", {}, html("div", { class: "nn-controls" }, choice(at, "look", "parameter", NAMES.map((name, k) => [name, low(name) + road(k)])), size),
        worked, ...(back ? [caption, bowl.drawing] : []))),
    html("p", { class: "nn-hint" }, "Click a link for its weight, a neuron for its bias, or choose in the list. Dashed links have a negative weight; thick ones a large weight."));

  function drawNetwork(x, p, { z, h }, { deltas, slopes }, station, k) {
    const { to } = ends(k), known = (end) => station >= (end === 2 ? 3 : 4);
    links.forEach((one, i) => {
      const end = ends(i).to, forth = station === (end === 2 ? 2 : 1), backwards = station === (end === 2 ? 3 : 4);
      set(one.line, { class: `nn-link${p[i] < 0 ? " nn-minus" : ""}${end === to ? " nn-into" : ""}${i === k ? " nn-chosen" : ""}`, "stroke-width": (1 + Math.min(4, 2 * Math.abs(p[i]))).toFixed(2) });
      set(one.tip, { visibility: forth || backwards ? "visible" : "hidden", class: backwards ? "nn-way nn-back" : "nn-way", transform: backwards ? one.leave : one.arrive });
      set(one.weight, { class: i === k ? "nn-weight nn-chosen" : "nn-weight" });
      one.weight.textContent = fine(p[i], 3);
      one.slope.textContent = known(end) ? fine(slopes[i], 3) : "";
    });
    sources.forEach((one, j) => { one.value.textContent = number(x[j]); });
    neurons.forEach((one, n) => {
      set(one.circle, { class: n === to ? "nn-neuron nn-into" : "nn-neuron" });
      set(one.bias, { class: k === 8 + n ? "nn-weight nn-chosen" : "nn-weight" });
      one.value.textContent = station >= (n === 2 ? 2 : 1) ? fine(h[n], h[n] < 0.01 ? 2 : 3) : "?"; // it stays inside its circle
      one.bias.textContent = `${low(NAMES[8 + n])} ${fine(p[8 + n], 3)}`;
      one.delta.textContent = known(n) ? `${low(`\u03b4${n + 1}`)} ${fine(deltas[n], 3)}` : "";
    });
    const seen = (n) => (station >= (n === 2 ? 2 : 1) ? `, output ${fine(h[n])}` : "") + (known(n) ? `, delta ${fine(deltas[n])}` : "");
    set(net, { "aria-label": [`Inputs ${x.map((value) => number(value)).join(", ")}`, ...["hidden neuron 1", "hidden neuron 2", "output"].map((name, n) => name + seen(n)),
      ...NAMES.map((name, i) => `${name} ${fine(p[i])}${known(ends(i).to) ? `, slope ${fine(slopes[i])}` : ""}`)].join("; ") });
  }

  /** The neuron where the parameter ends, in numbers, and the slope of the parameter. */
  function workOut(x, y, p, { z, h }, { deltas, slopes }, station, k) {
    const { from, to } = ends(k), n = to + 1, name = low(NAMES[k]), out = to === 2, enters = out ? h : x, letter = out ? "h" : "x", result = RESULT[to];
    const into = INTO[to], waits = "\u2026", forth = station >= (out ? 2 : 1), known = station >= (out ? 3 : 4);
    const products = into.map((i, j) => (i < 8 ? enters[j] * p[i] : p[i]));
    const inner = h[to] * (1 - h[to]), own = from === null ? 1 : enters[from], source = from === null ? "1" : low(`${letter}${from + 1}`);
    const rows = [
      [`${low(`z${n}`)} = ${into.map((i, j) => (i < 8 ? low(`${letter}${j + 1}`) : "") + low(NAMES[i])).join(" + ")}`,
        forth && `${products.map((value, j) => (j ? (value < 0 ? " \u2212 " : " + ") + number(Math.abs(value), 3) : number(value, 3))).join("")} = ${number(z[to], 4)}`],
      [`${result} = \u03c3(${low(`z${n}`)})${back ? `, slope ${result}(1 \u2212 ${result})` : ""}`, forth && fine(h[to]) + (back ? `, slope ${fine(inner)}` : "")],
    ];
    if (back) {
      const before = out ? `2(y\u0302 \u2212 y)` : low(`\u03b43 \u00b7 w${to + 7}`);
      rows.push([`${low(`\u03b4${n}`)} = ${before} \u00b7 ${result}(1 \u2212 ${result})`,
        known && `${out ? fine(2 * (h[2] - y)) : `${fine(deltas[2])} \u00b7 ${factor(p[6 + to])}`} \u00b7 ${fine(inner)} = ${fine(deltas[to])}`]);
      rows.push([`slope of ${name}: ${source} \u00b7 ${low(`\u03b4${n}`)}`, known && `${fine(own)} \u00b7 ${factor(deltas[to])} = ${fine(slopes[k])}`]);
      const { above, below, slope } = nudge(x, y, p, k, BY);
      rows.push([`measured: ${name} nudged by \u00b1 ${BY}`, known && `${Math.abs(above - below) < 1e-5 ? factor(above - below) : `(${above.toFixed(6)} \u2212 ${below.toFixed(6)})`} / ${2 * BY} = ${fine(slope)}`]);
    } else {
      rows.push([`${name} ${from === null ? `shifts ${low(`z${n}`)}` : `carries ${source} to ${low(`z${n}`)}`}`, (from === null || !out || station >= 1) && (from === null ? `by ${fine(p[k])}` : `${fine(own)} \u00b7 ${factor(p[k])} = ${number(own * p[k], 4)}`)]);
    }
    rows.forEach(([formula, numbers], i) => { lines[i][0].textContent = formula; lines[i][1].textContent = numbers || waits; });
  }

  function drawBowl(x, y, p, slope, known, k) {
    const at0 = p[k], now = loss(x, y, p), name = low(NAMES[k]);
    const points = Array.from({ length: 97 }, (_, i) => -MOST + (i / 96) * 2 * MOST).map((value) => [bowl.x(value), bowl.y(loss(x, y, p.map((old, i) => (i === k ? value : old))))]);
    const end = (side) => { // the tangent ends at the border
      const room = side * slope > 0 ? 1 - now : now, reach = side * Math.min(2.5, room / Math.max(1e-9, Math.abs(slope)), MOST - side * at0);
      return [bowl.x(at0 + reach), bowl.y(now + reach * slope)];
    };
    set(curve, { points: coordinates(points) });
    set(tangent, { visibility: known ? "visible" : "hidden", x1: end(-1)[0], y1: end(-1)[1], x2: end(1)[0], y2: end(1)[1] });
    set(spot, { cx: bowl.x(at0), cy: bowl.y(now) });
    caption.textContent = `Loss against ${name}, and its slope (dashed)`;
  }

  function tell(p, { z, h }, { deltas }, station, rounds, now, first) {
    const round = rounds ? `After ${rounds} update${rounds === 1 ? "" : "s"}. ` : "";
    return round + [
      () => "The inputs stand ready. Next: two hidden neurons, two sums.",
      () => `Two neurons, two sums: z\u2081 = ${number(z[0], 4)} gives h\u2081 = ${fine(h[0])}, z\u2082 = ${number(z[1], 4)} gives h\u2082 = ${fine(h[1])}.`,
      () => `The answer is ${fine(h[2])}${back ? `, the loss ${fine(now)}.` : `: ${h[2] > 0.5 ? "more likely to pass than not" : h[2] < 0.5 ? "more likely to fail than not" : "just between"}.`}`,
      () => `Back through the output: \u03b4\u2083 = ${fine(deltas[2])}. It gives the slopes of w\u2087, w\u2088 and b\u2083. No parameter moves yet.`,
      () => `All eleven slopes are there, all from the same parameters. Loss ${fine(now)}${rounds ? `, at the start ${fine(first)}` : ""}. Next: all move at once.`,
    ][station]();
  }

  function draw() {
    const { y, raw, station, rounds, start } = Object.fromEntries(KEYS.map((key) => [key, at.get(key)]));
    const x = entering(at.get("x"), raw), p = parameters(), k = chosen(), there = forward(x, p), here = backward(x, y, p), now = loss(x, y, p);
    drawNetwork(x, p, there, here, station, k);
    workOut(x, y, p, there, here, station, k);
    if (back) drawBowl(x, y, p, here.slopes[k], station >= (ends(k).to === 2 ? 3 : 4), k);
    target.textContent = back ? `target ${y}` : "";
    cost.textContent = back && station >= 2 ? `loss ${fine(now)}` : "";
    [...strip.children].forEach((item, i) => set(item, { "aria-current": i === station ? "step" : null }));
    says.textContent = tell(p, there, here, station, rounds, now, loss(x, y, [...start.w, ...start.b]));
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
