import { button, choice, html, number, redraw, set, slider, stage, status, svg, write } from "./kit.js";

function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

// An operation takes the values so far. It gives its own, and beside each value that it used, its slope in that one.
const linear = (constant, ...terms) => (v) => [terms.reduce((sum, [weight, name]) => sum + weight * v[name], constant), terms.map(([weight, name]) => [name, weight])];
const products = (...pairs) => (v) => [pairs.reduce((sum, [a, b]) => sum + v[a] * v[b], 0), pairs.flatMap(([a, b]) => [[a, v[b]], [b, v[a]]])];
const squash = (name) => (v, h = sigmoid(v[name])) => [h, [[name, h * (1 - h)]]];
const squared = (name) => (v) => [(v[name] - 1) ** 2, [[name, 2 * (v[name] - 1)]]];

/** Each graph: what it begins with, the operations in the order of computing, and where its values stand. */
export const EXPRESSIONS = {
  "two sums": {
    title: "L = (a + b) \u00b7 (b + c)", begin: { a: 2, b: 1, c: 1 },
    nodes: { s: linear(0, [1, "a"], [1, "b"]), t: linear(0, [1, "b"], [1, "c"]), L: products(["s", "t"]) },
    says: { s: "s = a + b", t: "t = b + c", L: "L = s \u00b7 t" },
    places: { a: [55, 0], b: [170, 0], c: [285, 0], s: [108, 1], t: [232, 1], L: [170, 2] },
  },
  neuron: {
    title: "a neuron: x = (0.5, 0.8), target 1", begin: { w1: 0.1, w2: -0.2, b: 0 },
    nodes: { z: linear(0, [0.5, "w1"], [0.8, "w2"], [1, "b"]), p: squash("z"), L: squared("p") },
    says: { z: "0.5w\u2081 + 0.8w\u2082 + b", p: "p = \u03c3(z)", L: "L = (p \u2212 1)\u00b2" },
    places: { w1: [55, 0], w2: [170, 0], b: [285, 0], z: [170, 1], p: [170, 2], L: [170, 3] },
  },
  "3-2-1": {
    title: "the 3-2-1 network, target 1", begin: { x1: 1, w7: 0.5, w8: -0.3 },
    nodes: { z1: linear(0.35, [0.1, "x1"]), z2: linear(-0.45, [0.2, "x1"]), h1: squash("z1"), h2: squash("z2"), z3: products(["h1", "w7"], ["h2", "w8"]), y: squash("z3"), L: squared("y") },
    says: { z1: "0.1x\u2081 + 0.35", z2: "0.2x\u2081 \u2212 0.45", h1: "h\u2081 = \u03c3(z\u2081)", h2: "h\u2082 = \u03c3(z\u2082)", z3: "h\u2081w\u2087 + h\u2082w\u2088", y: "y\u0302 = \u03c3(z\u2083)", L: "L = (y\u0302 \u2212 1)\u00b2" },
    places: { x1: [170, 0], z1: [118, 1], z2: [222, 1], w7: [40, 2], h1: [127, 2], h2: [213, 2], w8: [300, 2], z3: [170, 3], y: [170, 4], L: [170, 5] },
  },
};

/** The way forward: every value, and for every computed one the list [source, slope]. */
export function evaluate({ begin, nodes }, start) {
  const values = Object.fromEntries(Object.keys(begin).map((name, i) => [name, start[i]])), edges = {};
  for (const [name, operation] of Object.entries(nodes)) [values[name], edges[name]] = operation(values);
  return { values, edges };
}

/** The way back, after `steps` values have passed their slope on: what has arrived where. The last arrivals count too. */
export function backward({ edges }, steps) {
  const arrived = { L: [1] }, order = Object.keys(edges).reverse();
  const slope = (name) => (arrived[name] ?? []).reduce((sum, one) => sum + one, 0);
  for (const name of order.slice(0, steps)) for (const [source, link] of edges[name]) (arrived[source] ??= []).push(slope(name) * link);
  return { arrived, slopes: Object.fromEntries(Object.keys(arrived).map((name) => [name, slope(name)])), passed: order.slice(0, steps) };
}

/** Every path from `name` back to a leaf, as a list of links [from, to, slope]. */
export function paths({ edges }, leaf, name = "L") {
  if (name === leaf) return [[]];
  return (edges[name] ?? []).flatMap(([source, slope]) => paths({ edges }, leaf, source).map((rest) => [[name, source, slope], ...rest]));
}

/** The slope in value number i as two nudges measure it, with L above and below. */
export function nudge(expression, start, i, by) {
  const [above, below] = [by, -by].map((n) => evaluate(expression, start.map((value, k) => (k === i ? value + n : value))).values.L);
  return { above, below, slope: (above - below) / (2 * by) };
}

const label = (name) => (name === "y" ? "y\u0302" : name.replace(/\d/g, (digit) => "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088"[digit]));

/** Four digits that count, however small the number. */
function fine(value, digits = 4) {
  if (Math.abs(value) < 1e-14) return "0";
  return (Math.abs(value) < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(digits)))).replaceAll("-", "\u2212");
}
const factor = (value, digits) => (value < 0 ? `(${fine(value, digits)})` : fine(value, digits));

const KEYS = ["expression", "values", "look", "step"], TALL = 420, BOX = 36, BY = 0.01;

function render({ model, el }) {
  const at = stage({ model, el }, "chain", "The chain rule, factor by factor");
  const expression = () => EXPRESSIONS[at.get("expression")], leaves = () => Object.keys(expression().begin);
  const begin = (name) => at.put({ expression: name, values: Object.values(EXPRESSIONS[name].begin), look: name === "two sums" ? 1 : 0, step: 0 });
  const steps = () => Object.keys(expression().nodes).length;

  const entry = (i) => ({ ...at, get: () => at.get("values")[i], watch: (_, action) => at.watch(["values"], action) });
  const sliders = [0, 1, 2].map((i) => slider(entry(i), `value${i}`, "", {
    min: -3, max: 3, step: 0.1, page: 0.5, show: (value) => number(value),
    change: (value) => at.put({ values: at.get("values").map((old, k) => (k === i ? value : old)) }),
  }));
  const looking = choice(at, "look", "slope of L in", [["0", ""], ["1", ""], ["2", ""]], (value) => at.put({ look: Number(value) }));
  const graph = svg("svg", { viewBox: `0 0 340 ${TALL}`, role: "img", class: "nn-graph" });
  at.listen(graph, "click", ({ target: { dataset: { leaf = -1 } } }) => leaf >= 0 && at.put({ look: Number(leaf) }));
  const rows = Array.from({ length: 4 }, () => html("p", {}, html("span", { class: "nn-formula" }), html("span", { class: "nn-numbers" })));
  const lines = html("div", { class: "nn-paths" }, ...rows), says = status(), title = html("p", { class: "nn-title" });
  at.root.append(
    html("div", { class: "nn-controls" }, choice(at, "expression", "graph", Object.keys(EXPRESSIONS).map((name) => [name, name]), begin)),
    html("div", { class: "nn-controls nn-inputs" }, ...sliders),
    html("div", { class: "nn-controls" },
      button(at, "Next value", () => at.put({ step: (at.get("step") + 1) % (steps() + 1) })),
      button(at, "All the way", () => at.put({ step: steps() })), button(at, "Start again", () => begin(at.get("expression")))),
    says,
    html("div", { class: "nn-columns" }, html("div", {}, title, graph), html("div", {}, html("div", { class: "nn-controls" }, looking), lines)),
    html("p", { class: "nn-hint" }, "In a box: the value, and below it the slope of L in it, once known. On a link: its own slope."));

  function drawGraph({ places, says: how }, { values, edges }, { slopes, passed }, roads) {
    const rows = 1 + Math.max(...Object.values(places).map(([, row]) => row)), pitch = Math.min(110, (TALL - BOX - 20) / (rows - 1));
    const y = (row) => (TALL - (rows - 1) * pitch) / 2 + row * pitch, narrow = rows > 4, wide = narrow ? 80 : 104;
    const last = passed.at(-1), ink = [], marks = [];
    for (const [name, links] of Object.entries(edges)) {
      for (const [source, slope] of links) {
        const side = places[source][1] === places[name][1], [x1, y1] = [places[source][0], y(places[source][1]) + BOX / 2], [x2, y2] = [places[name][0], y(places[name][1]) - BOX / 2];
        const road = roads.findIndex((path) => path.some(([from, to]) => from === name && to === source)), done = passed.includes(name);
        const share = links.length > 3 ? (Math.abs(x1 - x2) > 60 ? 0.44 : 0.36) : 0.5;
        ink.push(["line", { class: `nn-link${road >= 0 ? ` nn-road${road}` : ""}`, x1, y1, x2, y2 }]);
        if (done) {
          const turn = (Math.atan2(y1 - y2, x1 - x2) * 180) / Math.PI;
          ink.push(["polygon", { class: name === last ? "nn-tip nn-now" : "nn-tip", points: "0,0 -9,-5 -9,5", transform: `translate(${x1} ${y1}) rotate(${turn})` }]);
          marks.push(["text", { class: name === last ? "nn-slope nn-now" : "nn-slope", x: x2 + (1 - share) * (x1 - x2), y: y2 + (1 - share) * (y1 - y2) + 4, "text-anchor": "middle" }, `\u00b7 ${factor(slope, narrow ? 3 : 4)}`]);
        }
      }
    }
    for (const [name, [x, row]] of Object.entries(places)) {
      const leaf = leaves().indexOf(name), known = passed.length > 0 && (name in slopes);
      marks.push(["rect", { "data-leaf": leaf, class: `nn-box${leaf >= 0 ? " nn-leaf" : ""}${leaf === at.get("look") ? " nn-looked" : ""}${name === last ? " nn-now" : ""}`, x: x - wide / 2, y: y(row) - BOX / 2, width: wide, height: BOX, rx: leaf >= 0 ? 16 : 3 }],
        ["text", { class: "nn-shown", x, y: y(row) - 3, "text-anchor": "middle" }, `${label(name)} = ${fine(values[name], narrow ? 3 : 4)}`],
        ["text", { class: known ? "nn-slope nn-within" : "nn-how", x, y: y(row) + 12, "text-anchor": "middle" }, known ? fine(slopes[name]) : leaf >= 0 ? "" : how[name].replace(/^\S+ = /, "= ")]);
    }
    redraw(graph, [...ink, ...marks]);
    set(graph, { "aria-label": Object.keys(places).map((name) => `${name} = ${fine(values[name])}${passed.length && name in slopes ? `, slope ${fine(slopes[name])}` : ""}`).join("; ") });
  }

  /** The paths of the chosen value, as far as their factors are known; their sum; and what a nudge says. */
  function multiply(graphNow, { slopes, passed }, roads, leaf) {
    const factors = roads.map((path) => path.map(([, , slope]) => slope)), ends = roads.map((path) => path.every(([from]) => passed.includes(from)));
    const sums = factors.map((path) => path.reduce((a, b) => a * b, 1)), all = ends.every(Boolean), told = [];
    for (const i of [0, 1]) {
      const path = roads[i], digits = path?.length > 3 ? 3 : 4;
      const shown = path?.map(([from, , slope], k) => (!passed.includes(from) ? "?" : k ? factor(slope, digits) : fine(slope, digits))).join(" \u00b7 ");
      told.push([path ? `path ${i + 1}: L \u2190 ${path.map(([, to]) => label(to)).join(" \u2190 ")}` : "no second path", path ? `${shown} = ${ends[i] ? fine(sums[i]) : "?"}` : "", path ? `nn-road${i}` : "nn-none"]);
    }
    const i = at.get("look"), { above, below, slope } = nudge(expression(), at.get("values"), i, BY);
    told.push([`${roads.length > 1 ? "added over the paths" : "nothing to add"}: slope of L in ${label(leaf)}`, all ? (roads.length > 1 ? `${fine(sums[0])} + ${factor(sums[1])} = ` : "") + fine(slopes[leaf]) : "?", "nn-sum"]);
    told.push([`measured: ${label(leaf)} nudged by \u00b1 ${BY}`, all ? `(${above.toFixed(7)} \u2212 ${below.toFixed(7)}) / ${2 * BY} = ${fine(slope)}` : "\u2026", "nn-check"]);
    told.forEach(([name, numbers, kind], i) => {
      set(rows[i], { class: kind });
      write(rows[i].firstChild, name);
      write(rows[i].lastChild, numbers);
    });
  }

  function tell({ values, edges }, { arrived, slopes, passed }) {
    if (!passed.length) return `Forward: L = ${fine(values.L)}. The way back starts at L, with the slope 1 of L in itself.`;
    const name = passed.at(-1), parts = edges[name].map(([source, link]) => {
      const came = arrived[source];
      return `${label(source)} gets ${fine(slopes[name])} \u00b7 ${factor(link)} = ${fine(slopes[name] * link)}` + (came.length > 1 ? `, and had ${fine(came[0])}: together ${fine(slopes[source])}` : "");
    });
    return `From ${label(name)}: ${parts.join("; ")}.`;
  }

  function draw() {
    const now = expression(), here = evaluate(now, at.get("values")), way = backward(here, at.get("step")), leaf = leaves()[at.get("look")], roads = paths(here, leaf);
    leaves().forEach((name, i) => {
      write(sliders[i].firstChild, label(name));
      write(looking.lastChild.options[i], label(name));
    });
    write(title, now.title);
    drawGraph(now, here, way, roads);
    multiply(here, way, roads, leaf);
    says.textContent = tell(here, way);
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
