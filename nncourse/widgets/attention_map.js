import { draw } from "./engine.js";
import { button, choice, html, number, plane, set, stage, status, svg, toggle, write } from "./kit.js";

const WORDS = ["the", "cat", "sat", "because", "it", "was", "tired"], WIDEST = 256;
const WIDTHS = { "by hand": 4, "by chance, d = 4": 4, "by chance, d = 16": 16, "by chance, d = 64": 64, "by chance, d = 256": 256 };
const MASKS = [["none", "none"], ["before the softmax", "before the softmax"], ["after the softmax", "after it (wrong)"]];
// Entries by hand: is a thing, is a deed, is a link, is a quality.
const BADGES = [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0.5, 0, 0, 0], [0, 0.5, 0, 0], [0, 0, 0, 1]];
const SOUGHT = [0, 1, 0, 1, 0, 3, 0].map((entry) => [0, 1, 2, 3].map((i) => (i === entry ? 6 : 0)));
export const VALUES = [[1.8, 1], [1.5, 1.63], [0.82, 1.78], [0.28, 1.35], [0.28, 0.65], [0.82, 0.22], [1.5, 0.37]];

/** The i-th Gaussian number of a seed (Box and Muller, 1958). */
const normal = (seed, i) => Math.sqrt(-2 * Math.log(1 - draw(seed, 2 * i + 1))) * Math.cos(2 * Math.PI * draw(seed, 2 * i + 2));

const dot = (a, b) => a.reduce((total, value, i) => total + value * b[i], 0);

/** Dot products of each word's query, a row, with each word's key. */
export function products(vectors, seed) {
  if (vectors === "by hand") return SOUGHT.map((query) => BADGES.map((key) => dot(query, key)));
  const drawn = Array.from({ length: 2 * WORDS.length }, (_, row) => Array.from({ length: WIDTHS[vectors] }, (_, i) => normal(seed, row * WIDEST + i)));
  return drawn.slice(0, WORDS.length).map((query) => drawn.slice(WORDS.length).map((key) => dot(query, key)));
}

/** What goes into the softmax. A word hidden before it has the score minus infinity. */
export const scores = (raw, { vectors, scaled, temperature, mask }) => raw.map((row, i) =>
  row.map((value, j) => (mask === "before the softmax" && j > i ? -Infinity : value / (scaled ? Math.sqrt(WIDTHS[vectors]) : 1) / temperature)));

export function softmax(row) {
  const top = Math.max(...row), e = row.map((value) => Math.exp(value - top)), whole = e.reduce((a, one) => a + one, 0);
  return e.map((one) => one / whole);
}

/** The shares that each word, a row, gives to each. */
export const weights = (raw, settings) => scores(raw, settings).map((row, i) =>
  softmax(row).map((share, j) => (settings.mask === "after the softmax" && j > i ? 0 : share)));

/** What is heard: the values, mixed by shares. */
export const mix = (shares) => [0, 1].map((axis) => shares.reduce((total, share, j) => total + share * VALUES[j][axis], 0));

const POWERS = [-3, 4], KEYS = ["vectors", "seed", "query", "scaled", "temperature", "mask"];
const two = (value) => value.toFixed(2);
const spoken = (value) => (value === -Infinity ? "\u2212\u221e" : number(value, 1));

function render({ model, el }) {
  const at = stage({ model, el }, "attention", "Who listens to whom");
  // The radio buttons of one map need a common name; two maps on a page must not share it.
  const unique = `nn-asks-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;

  // The map of all shares: a row for each word that asks
  const rows = WORDS.map((word, i) => {
    const input = html("input", { type: "radio", name: unique, value: i, "aria-label": `${word} asks` }), cells = WORDS.map(() => html("td")), whole = html("td", { class: "nn-whole" });
    const row = html("tr", {}, html("th", { scope: "row" }, html("label", {}, input, html("span", {}, word))), ...cells, whole);
    at.listen(input, "change", () => at.put({ query: i }));
    at.listen(row, "click", () => at.put({ query: i }));
    return { row, input, cells, whole };
  });
  const head = html("tr", {}, html("td", { class: "nn-corner" }, "asks"), ...WORDS.map((word) => html("th", { scope: "col" }, html("span", {}, word))), html("th", { scope: "col" }, html("span", {}, "sum")));
  const map = html("table", { class: "nn-shares" }, html("caption", {}, "Shares: who hears whom"), html("thead", {}, head), html("tbody", {}, ...rows.map(({ row }) => row)));

  // One row of it, step by step
  const steps = WORDS.map((word) => {
    const [product, score, bar, text] = [html("td"), html("td"), html("span", { class: "nn-bar", "aria-hidden": "true" }), html("span")];
    return { product, score, bar, text, row: html("tr", {}, html("th", { scope: "row" }, word), product, score, html("td", { class: "nn-share" }, bar, text)) };
  });
  const asks = html("caption"), headings = ["hears", "q \u00b7 k", "score", "share"].map((text) => html("th", { scope: "col" }, text));
  const chain = html("table", { class: "nn-chain" }, asks, html("thead", {}, html("tr", {}, ...headings)), html("tbody", {}, ...steps.map(({ row }) => row)));

  // The values as points, and the mixture of them
  const room = plane({ x: [0, 2], y: [0, 2], width: 250, height: 230, margin: 22, label: "The values and what is heard", ticks: { x: [], y: [] } });
  const spokes = VALUES.map(() => svg("line", { class: "nn-spoke" })), point = svg("path", { class: "nn-heard", d: "M-8,0L0-8L8,0L0,8z" }), said = svg("text", { class: "nn-said", "text-anchor": "middle" }, "heard");
  const spots = VALUES.map(([x, y], i) => svg("g", { transform: `translate(${room.x(x).toFixed(1)} ${room.y(y).toFixed(1)})` }, svg("circle", { class: "nn-spot", r: 4 }), svg("text", { y: y < 1 ? 17 : -9, "text-anchor": "middle" }, WORDS[i])));
  room.ink.append(svg("g", { "aria-hidden": "true" }, ...spokes, ...spots, point, said));

  /** How dark a cell or how long a bar is; what is so already costs nothing. */
  const share = (element, value) => {
    const told = value.toFixed(3);
    if (element.style.getPropertyValue("--share") !== told) element.style.setProperty("--share", told);
  };

  const last = { of: "", raw: null }; // the products follow from the vectors and their seed
  const range = html("input", { type: "range", name: "temperature", min: POWERS[0], max: POWERS[1], step: 0.5 }), told = html("output", { class: "nn-value" });
  at.listen(range, "input", () => at.put({ temperature: 2 ** Number(range.value) }));
  const again = button(at, "Draw again", () => at.put({ seed: at.get("seed") + 1 })), says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "vectors", "queries and keys", Object.keys(WIDTHS).map((name) => [name, name])), again,
      toggle(at, "scaled", "divide by the root of d"), choice(at, "mask", "hide later words", MASKS),
      html("label", { class: "nn-slider" }, html("span", {}, "temperature"), range, told)),
    html("div", { class: "nn-columns" }, html("div", {}, map, says), html("div", {}, chain, room.drawing)),
    html("p", { class: "nn-hint" }, "Press a row to let its word ask. With the keyboard: Tab to the words, the arrow keys choose who asks."));

  function draw() {
    const settings = Object.fromEntries(KEYS.map((key) => [key, at.get(key)])), { query, scaled, temperature, mask, vectors, seed } = settings;
    if (last.of !== `${vectors} ${seed}`) Object.assign(last, { of: `${vectors} ${seed}`, raw: products(vectors, seed) });
    const { raw } = last, table = weights(raw, settings), ready = scores(raw, settings), sums = table.map((row) => row.reduce((a, b) => a + b, 0));
    again.disabled = vectors === "by hand";
    range.value = Math.log2(temperature);
    told.textContent = number(temperature, 3);
    set(range, { "aria-valuetext": number(temperature, 3) });

    const hidden = (i, j) => mask !== "none" && j > i;
    rows.forEach(({ row, input, cells, whole }, i) => {
      input.checked = i === query;
      set(row, { class: i === query && "nn-asks" });
      cells.forEach((cell, j) => {
        share(cell, table[i][j]);
        write(cell, two(table[i][j]));
        set(cell, { class: hidden(i, j) ? "nn-hidden" : "nn-seen" });
      });
      write(whole, two(sums[i]));
      set(whole, { class: `nn-whole${sums[i] < 0.995 ? " nn-lost" : ""}` });
    });

    const shares = table[query], [x, y] = mix(shares);
    asks.textContent = `\u201c${WORDS[query]}\u201d asks`;
    steps.forEach(({ product, score, bar, text, row }, j) => {
      write(product, number(raw[query][j], 1));
      write(score, spoken(ready[query][j]));
      share(bar, shares[j]);
      write(text, two(shares[j]));
      set(row, { class: hidden(query, j) && "nn-hidden" });
      set(spokes[j], { x1: room.x(VALUES[j][0]), y1: room.y(VALUES[j][1]), x2: room.x(x), y2: room.y(y), "stroke-width": (8 * shares[j]).toFixed(2) });
    });
    set(point, { transform: `translate(${room.x(x).toFixed(2)} ${room.y(y).toFixed(2)})` });
    set(said, { x: room.x(x), y: room.y(y) + (y < 0.35 ? -13 : 21) });
    set(room.drawing, { "aria-label": `The values as points, and what is heard: ${two(x)}, ${two(y)}` });

    const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a] || a - b).slice(0, 3), mean = table.reduce((total, row) => total + Math.max(...row), 0) / table.length;
    says.textContent = `\u201c${WORDS[query]}\u201d hears ${order.map((j) => `\u201c${WORDS[j]}\u201d ${two(shares[j])}`).join(", ")}; its shares add up to ${two(sums[query])}. ` +
      `Scores ${scaled ? `divided by ${number(Math.sqrt(WIDTHS[vectors]))}` : "not scaled"}; the largest share of a row is ${two(mean)} on average.`;
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
