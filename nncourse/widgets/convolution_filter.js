import { button, choice, clamp, html, number, set, stage, status, svg } from "./kit.js";

const SIDE = 8, WINDOW = 3, BLACK = 16, HEAVIEST = 9;

/** Along one axis: how many places a window has, and how many zeros stand before and behind the picture. */
export function axis(stride, padding) {
  if (padding === "valid") return { count: Math.floor((SIDE - WINDOW) / stride) + 1, before: 0, behind: 0 };
  const count = Math.ceil(SIDE / stride), frame = Math.max((count - 1) * stride + WINDOW - SIDE, 0);
  return { count, before: Math.floor(frame / 2), behind: Math.ceil(frame / 2) };
}

/** The nine pixels that the window sees at a place of the map; beyond the picture lies a frame of zeros. */
export function seen(picture, stride, padding, [row, column]) {
  const { before } = axis(stride, padding);
  return Array.from({ length: WINDOW ** 2 }, (_, i) => {
    const u = row * stride - before + Math.floor(i / WINDOW), v = column * stride - before + (i % WINDOW);
    return u >= 0 && u < SIDE && v >= 0 && v < SIDE ? picture[u * SIDE + v] : 0;
  });
}

export const products = (pixels, kernel) => pixels.map((ink, i) => ink * kernel[i]);
export const sum = (values) => values.reduce((total, value) => total + value, 0);

/** The scores of all places, row by row. */
export function convolve(picture, kernel, stride, padding) {
  const { count } = axis(stride, padding), along = Array.from({ length: count }, (_, i) => i);
  return along.map((row) => along.map((column) => sum(products(seen(picture, stride, padding, [row, column]), kernel))));
}

/** The largest of each 2 by 2 scores, side by side; what fills no window is left out. */
export function pool(map) {
  const along = Array.from({ length: Math.floor(map.length / 2) }, (_, i) => 2 * i);
  return along.map((row) => along.map((column) => Math.max(map[row][column], map[row][column + 1], map[row + 1][column], map[row + 1][column + 1])));
}

const KERNELS = [
  ["more ink on the right?", [-1, 0, 1, -1, 0, 1, -1, 0, 1]], ["more ink below?", [-1, -1, -1, 0, 0, 0, 1, 1, 1]],
  ["how much ink?", [1, 1, 1, 1, 1, 1, 1, 1, 1]], ["more ink than around?", [-0.5, -0.5, -0.5, -0.5, 4, -0.5, -0.5, -0.5, -0.5]],
  ["sharpen", [0, -1, 0, -1, 5, -1, 0, -1, 0]], ["copy the middle", [0, 0, 0, 0, 1, 0, 0, 0, 0]],
];
const BLANK = new Array(SIDE ** 2).fill(0), CELL = 32, SMALL = 26, GAP = 18, KEYS = ["picture", "kernel", "stride", "padding", "place", "pen"];
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const equal = (a, b) => a.every((value, i) => value === b[i]);
const square = (kind, [row, column], size, cells = 1, inset = 0) => svg("rect", { class: kind, x: column * size + inset, y: row * size + inset, width: cells * size - 2 * inset, height: cells * size - 2 * inset });

function render({ model, el }) {
  const at = stage({ model, el }, "filter", "A filter slides over a picture");
  const stored = at.get("digits"), ink = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  const digits = Array.from({ length: ink.length / SIDE ** 2 }, (_, k) => [...ink.slice(k * SIDE ** 2, (k + 1) * SIDE ** 2)]);
  const here = () => { const { count } = axis(at.get("stride"), at.get("padding")); return at.get("place").map((one) => clamp(one, 0, count - 1)); };

  // The picture, in the middle of a sheet that has room for a frame; fingers draw on it
  const pixels = BLANK.map((_, i) => square("nn-pixel", [Math.floor(i / SIDE), i % SIDE], CELL));
  const frame = svg("rect", { class: "nn-zeros" }), outline = square("nn-window", [0, 0], CELL, WINDOW), pen = square("nn-pen", [0, 0], CELL, 1, 3);
  const sheet = svg("g", { class: "nn-drag nn-sheet", tabindex: 0, role: "application" }, square("nn-halo", [0, 0], CELL, SIDE), square("nn-paper", [0, 0], CELL, SIDE), ...pixels, pen);
  const page = svg("svg", { viewBox: `-35 -35 ${10 * CELL + 6} ${10 * CELL + 6}`, class: "nn-page", role: "group", "aria-label": "The picture" }, frame, sheet, outline);

  // The map and, beside it, the pooled map: cells with their numbers
  const cells = (side) => Array.from({ length: side ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / side), i % side];
    return { row, column, ground: square("nn-cell", [row, column], SMALL), text: svg("text", { x: (column + 0.5) * SMALL, y: (row + 0.5) * SMALL + 4, "text-anchor": "middle" }) };
  });
  const scores = cells(SIDE), largest = cells(SIDE / 2), look = square("nn-here", [0, 0], SMALL), won = square("nn-here", [0, 0], SMALL);
  const joints = svg("path", { class: "nn-joints" }), halo = square("nn-halo", [0, 0], SMALL, SIDE);
  const grid = svg("g", { class: "nn-drag nn-grid", tabindex: 0, role: "application" }, halo, ...scores.flatMap(({ ground, text }) => [ground, text]), joints, look);
  const after = svg("g", { transform: `translate(${SIDE * SMALL + GAP} 0)`, "aria-hidden": "true" }, ...largest.flatMap(({ ground, text }) => [ground, text]), won);
  const mapTitle = svg("text", { class: "nn-name", x: 0, y: -8 }), poolTitle = svg("text", { class: "nn-name", x: SIDE * SMALL + GAP, y: -8 });
  const maps = svg("svg", { viewBox: `-3 -22 ${12 * SMALL + GAP + 6} ${SIDE * SMALL + 28}`, role: "group", "aria-label": "The map and the pooled map" }, mapTitle, poolTitle, grid, after);

  const cellAt = (event, drawing, size, side) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
    return [point.y, point.x].map((value) => clamp(Math.floor(value / size), 0, side - 1));
  };
  const stroke = { ink: BLACK }; // what the finger that is down leaves behind
  const dab = ([row, column], value) => at.put({ pen: [row, column], picture: at.get("picture").map((old, i) => (i === row * SIDE + column ? value : old)) });
  const turned = ([row, column]) => (at.get("picture")[row * SIDE + column] < BLACK / 2 ? BLACK : 0);
  at.listen(sheet, "pointerdown", (event) => {
    sheet.setPointerCapture(event.pointerId);
    const spot = cellAt(event, page, CELL, SIDE);
    stroke.ink = turned(spot);
    dab(spot, stroke.ink);
  });
  at.listen(sheet, "pointermove", (event) => sheet.hasPointerCapture(event.pointerId) && dab(cellAt(event, page, CELL, SIDE), stroke.ink));
  at.listen(sheet, "keydown", (event) => {
    const way = WAYS[event.key], spot = at.get("pen");
    if (way) at.put({ pen: spot.map((one, i) => clamp(one + way[i], 0, SIDE - 1)) });
    else if (event.key === " " || event.key === "Enter") dab(spot, turned(spot));
    else return;
    event.preventDefault();
  });
  const visit = (event) => at.put({ place: cellAt(event, maps, SMALL, axis(at.get("stride"), at.get("padding")).count) });
  at.listen(grid, "pointerdown", (event) => { grid.setPointerCapture(event.pointerId); visit(event); });
  at.listen(grid, "pointermove", (event) => grid.hasPointerCapture(event.pointerId) && visit(event));
  at.listen(grid, "keydown", (event) => {
    const way = WAYS[event.key], { count } = axis(at.get("stride"), at.get("padding"));
    if (!way) return;
    event.preventDefault();
    at.put({ place: here().map((one, i) => clamp(one + way[i], 0, count - 1)) });
  });

  // Nine products, and the weights among them
  const three = [0, 1, 2], names = ["first", "second", "third"];
  const table = (caption, entries) => html("table", {}, html("caption", {}, caption), html("tbody", {}, ...three.map((row) => html("tr", {}, ...three.map((column) => entries[row * WINDOW + column])))));
  const under = KERNELS[0][1].map(() => html("td")), made = under.map(() => html("td"));
  const weights = under.map((_, i) => html("input", { type: "number", step: "any", min: -HEAVIEST, max: HEAVIEST, inputmode: "text", name: `weight${i}`, "aria-label": `weight, ${names[Math.floor(i / WINDOW)]} row, ${names[i % WINDOW]} column` }));
  weights.forEach((input, i) => {
    const write = (value) => at.put({ kernel: at.get("kernel").map((old, k) => (k === i ? clamp(value, -HEAVIEST, HEAVIEST) : old)) });
    at.listen(input, "input", () => Number.isFinite(input.valueAsNumber) && write(input.valueAsNumber));
    at.listen(input, "change", () => { input.value = at.get("kernel")[i]; }); // what it cannot be is not left standing
    at.listen(input, "keydown", (event) => {
      const move = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      write(at.get("kernel")[i] + move);
    });
  });
  const total = html("output", {}), sign = (text) => html("span", { "aria-hidden": "true" }, text), says = status();

  const menu = (label, name, options, change) => {
    const input = html("select", { name }, ...options.map((text, i) => html("option", { value: i }, text)));
    at.listen(input, "change", () => change(Number(input.value)));
    return { input, row: html("label", { class: "nn-choice" }, html("span", {}, label), input) };
  };
  const pictures = menu("picture", "preset", [...digits.map((_, k) => `digit ${k}`), "your own"], (k) => k < digits.length && at.put({ picture: digits[k] }));
  const kernels = menu("kernel", "question", [...KERNELS.map(([name]) => name), "your own"], (k) => k < KERNELS.length && at.put({ kernel: KERNELS[k][1] }));
  at.root.append(
    html("div", { class: "nn-controls" }, pictures.row, button(at, "Blank page", () => at.put({ picture: BLANK })), kernels.row,
      choice(at, "stride", "stride", [1, 2, 3].map((one) => [one, one]), (value) => at.put({ stride: Number(value) })),
      choice(at, "padding", "padding", [["valid", "valid"], ["same", "same"]])),
    html("div", { class: "nn-columns" }, page, html("div", {}, maps,
      html("div", { class: "nn-sum" }, table("window", under), sign("\u00d7"), table("kernel", weights.map((input) => html("td", {}, input))), sign("="), table("products", made)),
      html("p", { class: "nn-total" }, "sum of the nine products: ", total))),
    says,
    html("p", { class: "nn-hint" }, "Draw on the picture, and slide over the map. With the keyboard: Tab to the picture, the arrow keys move the pen and Space draws or wipes; Tab to the map, the arrow keys move the window."));

  function paint(all, values, power) {
    const side = values.length;
    for (const { row, column, ground, text } of all) {
      const value = values[row]?.[column];
      const shown = row < side && column < side;
      set(ground, { display: !shown && "none", class: `nn-cell ${value < 0 ? "nn-minus" : "nn-plus"}`, "fill-opacity": shown && value ? (0.08 + (0.37 * Math.abs(value)) / power).toFixed(3) : 0 });
      const told = shown ? number(value, Math.abs(value) < 10 ? 1 : 0) : "";
      text.textContent = told;
      set(text, { textLength: told.length > 3 && SMALL - 3, lengthAdjust: told.length > 3 && "spacingAndGlyphs" }); // or it leaves its cell
    }
  }

  function draw() {
    const [picture, kernel, stride, padding, , nib] = KEYS.map(at.get), [row, column] = here();
    const { count, before, behind } = axis(stride, padding), map = convolve(picture, kernel, stride, padding), pooled = pool(map);
    pixels.forEach((pixel, i) => set(pixel, { "fill-opacity": (picture[i] / BLACK).toFixed(3) }));
    set(pen, { x: nib[1] * CELL + 3, y: nib[0] * CELL + 3 });
    set(frame, { x: -before * CELL, y: -before * CELL, width: (SIDE + before + behind) * CELL, height: (SIDE + before + behind) * CELL });
    set(outline, { x: (column * stride - before) * CELL, y: (row * stride - before) * CELL });
    set(sheet, { "aria-label": `picture to draw on; pen at row ${nib[0]}, column ${nib[1]}, ink ${picture[nib[0] * SIDE + nib[1]]} of ${BLACK}` });

    const power = Math.max(1e-9, ...map.flat().map(Math.abs));
    paint(scores, map, power);
    paint(largest, pooled, power);
    set(look, { x: column * SMALL, y: row * SMALL });
    set(halo, { width: count * SMALL, height: count * SMALL });
    const inside = Math.max(row, column) < 2 * pooled.length;
    set(won, { x: Math.floor(column / 2) * SMALL, y: Math.floor(row / 2) * SMALL, display: !inside && "none" });
    const far = 2 * pooled.length * SMALL, steps = Array.from({ length: pooled.length + 1 }, (_, i) => 2 * i * SMALL);
    set(joints, { d: steps.map((step) => `M0,${step}H${far}M${step},0V${far}`).join("") });
    mapTitle.textContent = `map, ${count} by ${count}`;
    poolTitle.textContent = `pooled, ${pooled.length} by ${pooled.length}`;

    const view = seen(picture, stride, padding, [row, column]), parts = products(view, kernel), score = sum(parts);
    view.forEach((value, i) => { under[i].textContent = number(value); made[i].textContent = number(parts[i], 1); });
    weights.forEach((input, i) => { if (input.valueAsNumber !== kernel[i]) input.value = kernel[i]; });
    total.textContent = number(score);
    pictures.input.value = [...digits.keys()].find((k) => equal(digits[k], picture)) ?? digits.length;
    kernels.input.value = [...KERNELS.keys()].find((k) => equal(KERNELS[k][1], kernel)) ?? KERNELS.length;
    set(grid, { "aria-label": `map; window at row ${row}, column ${column}, score ${number(score)}` });
    const top = Math.max(...map.flat()), least = Math.min(...map.flat());
    says.textContent = `Window at row ${row}, column ${column}: products ${parts.map((part) => number(part)).join(", ")}; sum ${number(score)}. ` +
      (top === 0 && least === 0 ? "The map is 0 everywhere." : `The map reaches from ${number(least)} to ${number(top)}.`);
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
