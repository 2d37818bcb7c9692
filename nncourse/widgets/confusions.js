import { button, choice, clamp, coordinates, html, plane, set, slider, stage, status, svg } from "./kit.js";

/** Grey values from 0 to 15: two a byte, the first in the upper half. */
export const greys = (view) => Array.from({ length: 2 * view.byteLength }, (_, i) => (view.getUint8(i >> 1) >> (i % 2 ? 0 : 4)) & 15);

/** Rows of probabilities in thousandths. */
export function rows(view, n) {
  const k = view.byteLength / 2 / n;
  return Array.from({ length: n }, (_, i) => Array.from({ length: k }, (__, j) => view.getUint16(2 * (i * k + j), true)));
}

/** What a reader says of each row, and how surely: the first of the largest. */
export const reading = (p) => p.map((row) => { const top = Math.max(...row); return { said: row.indexOf(top), top }; });

/** Thousandths reach a threshold if their decimal number does. */
export const answers = ({ top }, threshold) => top / 1000 >= threshold;

/** The confusion matrix of what is answered: rows written, columns read. */
export function confusion(y, read, threshold, k) {
  const table = Array.from({ length: k }, () => new Array(k).fill(0));
  read.forEach((one, i) => { if (answers(one, threshold)) table[y[i]][one.said] += 1; });
  return table;
}

/** How many are refused, answered, and answered wrongly. */
export function counts(y, read, threshold) {
  const answered = read.filter((one) => answers(one, threshold)).length;
  const wrong = read.filter((one, i) => answers(one, threshold) && one.said !== y[i]).length;
  return { refused: y.length - answered, answered, wrong };
}

/** The pictures of a cell, refused ones too: of mistakes the surest first, else the least sure. */
export function members(y, read, written, said) {
  const way = written === said ? 1 : -1;
  return [...y.keys()].filter((i) => y[i] === written && read[i].said === said).sort((a, b) => way * (read[a].top - read[b].top) || a - b);
}

/** All mistakes, the surest first. */
export const mistakes = (y, read) => [...y.keys()].filter((i) => read[i].said !== y[i]).sort((a, b) => read[b].top - read[a].top || a - b);

/** What refusing buys: [refused, wrong] from the lowest threshold to the highest. */
export const bought = (y, read, upTo = 99) => Array.from({ length: upTo + 1 }, (_, t) => counts(y, read, t / 100)).map(({ refused, wrong }) => [refused, wrong]);

const SIDE = 27, LEFT = 36, TOP = 34, SHOWN = 12;
const share = (thousandths) => (thousandths / 1000).toFixed(3);

/** A picture of 8 by 8 pixels, one path for each shade of grey. */
function picture(levels, i, attributes) {
  const paths = Array.from({ length: 16 }, () => "");
  for (let at = 0; at < 64; at++) paths[levels[64 * i + at]] += `M${at % 8},${at >> 3}h1.02v1.02h-1.02z`;
  return svg("svg", { viewBox: "0 0 8.02 8.02", class: "nn-picture", "aria-hidden": "true", ...attributes }, svg("rect", { class: "nn-sheet", width: 8.02, height: 8.02 }),
    ...paths.map((d, level) => (level && d ? svg("path", { class: "nn-ink", d, "fill-opacity": (level / 15).toFixed(2) }) : "")));
}

function render({ model, el }) {
  const at = stage({ model, el }, "confusions", "The pictures behind a confusion matrix");
  const y = at.get("y"), levels = greys(at.get("pixels")), p = rows(at.get("thousandths"), y.length), read = reading(p), k = p[0].length;
  const classes = Array.from({ length: k }, (_, j) => j), wrong = mistakes(y, read), all = confusion(y, read, 0, k);
  const open = (written, said, i = 0) => at.put({ written, read: said, picture: i });

  // The matrix
  const middle = (j) => j * SIDE + SIDE / 2, matrix = svg("svg", { viewBox: `0 0 ${LEFT + k * SIDE + 4} ${TOP + k * SIDE + 4}`, role: "img" });
  const label = (x, y0, text, more) => svg("text", { class: "nn-quiet", x, y: y0, "text-anchor": "middle", ...more }, text);
  matrix.append(label(LEFT + middle((k - 1) / 2), 12, "read"), label(0, 0, "written", { transform: `translate(10 ${TOP + middle((k - 1) / 2)}) rotate(-90)` }));
  for (const j of classes) matrix.append(label(LEFT + middle(j), TOP - 6, j), label(LEFT - 9, TOP + middle(j) + 4, j));
  const cells = classes.map((written) => classes.map((said) => {
    const kind = written === said ? "nn-hit" : all[written][said] ? "nn-slip" : "nn-none", x = LEFT + said * SIDE, y0 = TOP + written * SIDE;
    const told = svg("text", { x: x + SIDE / 2, y: y0 + SIDE / 2 + 4, "text-anchor": "middle" });
    const group = svg("g", { class: `nn-cell ${kind}` }, svg("rect", { x, y: y0, width: SIDE, height: SIDE }), told);
    at.listen(group, "click", () => open(written, said));
    matrix.append(group);
    return told;
  }));
  const frame = svg("rect", { class: "nn-open", width: SIDE, height: SIDE });
  matrix.append(frame);

  // The pictures of the open cell, and the one that is looked at
  const title = html("p", { class: "nn-title" }), strip = html("div", { class: "nn-strip" });
  const bars = svg("svg", { viewBox: "0 0 320 150", role: "img" }), height = (value) => 112 - value * 100, place = (j) => 134 + j * (180 / k);
  const drawn = classes.map((j) => svg("rect", { x: place(j) + 2, width: 180 / k - 4 }));
  const cut = svg("line", { class: "nn-cut", x1: 130, x2: 316 }), spoken = svg("g"), large = svg("g");
  bars.append(svg("line", { class: "nn-floor", x1: 130, x2: 316, y1: 112, y2: 112 }), ...drawn, cut, ...classes.map((j) => svg("text", { x: place(j) + 90 / k, y: 126, "text-anchor": "middle" }, j)), spoken, large);

  // What refusing buys
  const line = bought(y, read), most = line.at(-1)[0] || 1, worst = line[0][1] || 1;
  const price = plane({ x: [0, most], y: [0, worst], width: 320, height: 138, margin: 34, label: "", xLabel: "refused", yLabel: "misread", ticks: { x: [0, most], y: [0, worst] } });
  const spot = svg("circle", { class: "nn-spot", r: 5 });
  set(price.drawing, { role: "img" });
  price.ink.append(svg("polyline", { class: "nn-line", points: coordinates(line.flatMap(([x, bad], i) => [[x, i ? line[i - 1][1] : bad], [x, bad]]).map(([x, bad]) => [price.x(x), price.y(bad)])) }), spot);

  const says = status(), numbers = classes.map((j) => [j, j]), to = (key) => (value) => at.put({ [key]: Number(value), picture: 0 });
  const next = () => {
    const now = wrong.indexOf(members(y, read, at.get("written"), at.get("read"))[at.get("picture")]), i = wrong[(now + 1) % wrong.length];
    if (wrong.length) open(y[i], read[i].said, members(y, read, y[i], read[i].said).indexOf(i));
  };
  at.root.append(
    html("div", { class: "nn-controls" },
      slider(at, "threshold", "refuse below", { min: 0, max: 0.99, step: 0.01, page: 0.1, show: (value) => value.toFixed(2) }),
      choice(at, "written", "written", numbers, to("written")), choice(at, "read", "read", numbers, to("read")), button(at, "Next mistake", next, { disabled: !wrong.length })),
    html("div", { class: "nn-columns" }, html("div", {}, matrix), html("div", {}, title, strip, bars, price.drawing)), says,
    html("p", { class: "nn-hint" }, "A click opens a cell or a picture. \u201cNext mistake\u201d goes from the surest to the least sure."));

  let opened = [], cell = "";
  const refuses = (i) => !answers(read[i], at.get("threshold"));

  /** The pictures change with the cell alone. */
  function fill() {
    const [written, said] = [at.get("written"), at.get("read")];
    if (cell === `${written} ${said}`) return;
    cell = `${written} ${said}`;
    opened = members(y, read, written, said);
    strip.replaceChildren(...opened.slice(0, SHOWN).map((i, place) => button(at, "", () => at.put({ picture: place }), { class: "nn-thumb", "aria-label": `picture ${place + 1}, read as ${said} with ${share(read[i].top)}` })));
    [...strip.children].forEach((thumb, place) => thumb.append(picture(levels, opened[place])));
    title.textContent = `${written} read as ${said}: ${opened.length}${opened.length > SHOWN ? `, the ${SHOWN} ${written === said ? "least sure" : "surest"}` : opened.length === 1 ? " picture" : " pictures"}`;
    set(frame, { x: LEFT + said * SIDE, y: TOP + written * SIDE });
  }

  function drawPicture(threshold) {
    const here = clamp(at.get("picture"), 0, Math.max(0, Math.min(SHOWN, opened.length) - 1)), i = opened[here];
    [...strip.children].forEach((thumb, place) => set(thumb, { "aria-pressed": String(place === here), "data-refused": refuses(opened[place]) ? "true" : null }));
    drawn.forEach((bar, j) => set(bar, { class: j === at.get("read") ? (i !== undefined && y[i] === j ? "nn-right" : "nn-bad") : "nn-other", y: height(i === undefined ? 0 : p[i][j] / 1000), height: i === undefined ? 0 : p[i][j] / 10 }));
    set(cut, { y1: height(threshold), y2: height(threshold) });
    large.replaceChildren(...(i === undefined ? [] : [picture(levels, i, { x: 0, y: 6, width: 120, height: 120 })]));
    const word = (j, text) => svg("text", { class: "nn-quiet", x: clamp(place(j) + 90 / k, 150, 300), y: 143, "text-anchor": "middle" }, text);
    spoken.replaceChildren(...(i === undefined ? [] : [word(y[i], "written")]));
    set(bars, { "aria-label": i === undefined ? "No picture" : `Probabilities: ${p[i].map((one, j) => `${j} ${share(one)}`).join(", ")}` });
    if (i === undefined) return `No ${at.get("written")} was read as ${at.get("read")}.`;
    const verdict = refuses(i) ? "refused" : y[i] === read[i].said ? "right" : "misread";
    return y[i] === read[i].said ? `This ${y[i]} gets ${share(p[i][y[i]])}: ${verdict}.` : `This ${y[i]}: the ${read[i].said} gets ${share(read[i].top)}, the ${y[i]} ${share(p[i][y[i]])}: ${verdict}.`;
  }

  function draw() {
    const threshold = at.get("threshold"), table = confusion(y, read, threshold, k), now = counts(y, read, threshold);
    fill();
    cells.forEach((row, written) => row.forEach((told, said) => {
      const text = all[written][said] ? String(table[written][said]) : "";
      if (told.textContent !== text) told.textContent = text; // most of the hundred stay as they are
    }));
    set(spot, { cx: price.x(Math.min(now.refused, most)), cy: price.y(now.wrong) });
    set(price.drawing, { "aria-label": `What refusing buys: ${now.refused} refused, ${now.wrong} misread` });
    set(matrix, { "aria-label": `Confusion matrix: ${now.wrong} of ${now.answered} beside the diagonal` });
    const looked = drawPicture(threshold);
    says.textContent = `Below ${threshold.toFixed(2)} it refuses: ${now.refused} of ${y.length}. Of the other ${now.answered} it misreads ${now.wrong}. ${looked}`;
  }

  at.watch(["written", "read", "picture", "threshold"], draw);
  draw();
  return at.close;
}

export default { render };
