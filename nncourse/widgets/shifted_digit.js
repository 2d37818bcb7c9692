import { button, clamp, html, set, stage, status, svg } from "./kit.js";

const FAR = 3, BLACK = 16, ALONG = Array.from({ length: 2 * FAR + 1 }, (_, i) => i - FAR);

/** The networks with their numbers: W and b of the convolution, V and c of the dense layer, in the order of `get_weights`. */
export function unpack(networks, bytes, steps, side) {
  let start = 0, part = 0;
  const next = (size) => {
    const array = Float64Array.from(bytes.subarray(start, start + size), (stored) => stored * steps[part]);
    start += size;
    part += 1;
    return array;
  };
  return networks.map((about) => {
    const { window, filters, padding, pool, classes } = about, same = padding === "same";
    const count = same ? side : side - window + 1, before = same ? Math.floor((window - 1) / 2) : 0, places = Math.floor(count / pool);
    const [W, b] = [next(window * window * filters), next(filters)], [V, c] = [next(places * places * filters * classes), next(classes)];
    return { ...about, count, before, places, W, b, V, c };
  });
}

/** A picture moved by whole pixels; paper comes in from behind. */
export function moved(picture, side, [down, right]) {
  const out = new Float64Array(side * side);
  for (let u = Math.max(0, down); u < Math.min(side, side + down); u++) {
    for (let v = Math.max(0, right); v < Math.min(side, side + right); v++) out[u * side + v] = picture[(u - down) * side + v - right];
  }
  return out;
}

/** The probability of each class. Only pixels with ink are looked at: each stamps the filters on the places that see it. */
export function scores(net, picture, side) {
  const { window, filters, count, before, pool, places, classes, W, b, V, c } = net, map = new Float64Array(count * count * filters);
  for (let i = 0; i < map.length; i++) map[i] = b[i % filters];
  for (let i = 0; i < picture.length; i++) {
    if (!picture[i]) continue;
    const u = Math.floor(i / side) + before, v = (i % side) + before;
    for (let r = 0; r < window; r++) {
      for (let s = 0; s < window; s++) {
        if (u - r < 0 || u - r >= count || v - s < 0 || v - s >= count) continue;
        const to = ((u - r) * count + v - s) * filters, from = (r * window + s) * filters;
        for (let k = 0; k < filters; k++) map[to + k] += picture[i] * W[from + k];
      }
    }
  }
  const z = Float64Array.from(c);
  for (let row = 0, at = 0; row < places; row++) {
    for (let column = 0; column < places; column++) {
      for (let k = 0; k < filters; k++, at++) {
        let largest = 0; // ReLU
        for (let u = row * pool; u < (row + 1) * pool; u++) {
          for (let v = column * pool; v < (column + 1) * pool; v++) largest = Math.max(largest, map[(u * count + v) * filters + k]);
        }
        for (let j = 0; j < classes && largest; j++) z[j] += largest * V[at * classes + j];
      }
    }
  }
  const top = Math.max(...z), e = Array.from(z, (value) => Math.exp(value - top)), whole = e.reduce((a, one) => a + one, 0);
  return e.map((one) => one / whole);
}

/** The likeliest class; of several, the first. */
export const likeliest = (p) => p.indexOf(Math.max(...p));

/** What a network reads at every shift, row by row from three up to three down. */
export const readings = (net, picture, side) =>
  ALONG.map((down) => ALONG.map((right) => likeliest(scores(net, moved(picture, side, [down, right]), side))));

const CELL = 20, BOX = 26, KEYS = ["digit", "shift"];
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const share = (p) => p.toFixed(2);

function render({ model, el }) {
  const at = stage({ model, el }, "shifted", "A digit that can be moved, and who reads it");
  const raw = (key, Kind) => { const { buffer, byteOffset, byteLength } = at.get(key); return new Kind(buffer, byteOffset, byteLength); };
  const side = at.get("side"), labels = at.get("labels"), nets = unpack(at.get("networks"), raw("weights", Int8Array), at.get("steps"), side);
  const ink = raw("pictures", Uint8Array), pictures = labels.map((_, k) => Float64Array.from(ink.subarray(k * side * side, (k + 1) * side * side), (one) => one / BLACK));
  const last = { digit: -1 }; // the readings follow from the digit alone
  const move = (shift) => at.put({ shift: shift.map((one) => clamp(one, -FAR, FAR)) });

  // The sheet of paper
  const pixels = Array.from({ length: side * side }, (_, i) => svg("rect", { class: "nn-pixel", x: (i % side) * CELL, y: Math.floor(i / side) * CELL, width: CELL, height: CELL }));
  const begin = svg("rect", { class: "nn-begin", x: FAR * CELL, y: FAR * CELL, width: (side - 2 * FAR) * CELL, height: (side - 2 * FAR) * CELL });
  const ground = svg("rect", { class: "nn-halo", width: side * CELL, height: side * CELL });
  const sheet = svg("g", { class: "nn-drag", tabindex: 0, role: "application" }, ground, ...pixels, begin);
  const page = svg("svg", { class: "nn-page", viewBox: `-4 -4 ${side * CELL + 8} ${side * CELL + 8}`, role: "group", "aria-label": "The sheet of paper" }, sheet);
  const grip = { from: [0, 0], shift: [0, 0] };
  const point = (event) => { const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(page.getScreenCTM().inverse()); return [spot.y / CELL, spot.x / CELL]; };
  at.listen(sheet, "pointerdown", (event) => { sheet.setPointerCapture(event.pointerId); Object.assign(grip, { from: point(event), shift: at.get("shift") }); });
  at.listen(sheet, "pointermove", (event) => {
    if (!sheet.hasPointerCapture(event.pointerId)) return;
    const to = point(event);
    move(grip.shift.map((one, i) => one + Math.round(to[i] - grip.from[i])));
  });
  at.listen(sheet, "keydown", (event) => {
    const way = WAYS[event.key];
    if (way) move(at.get("shift").map((one, i) => one + way[i]));
    else if (event.key === "Home") move([0, 0]);
    else return;
    event.preventDefault();
  });

  // The probabilities, a row a digit, a column a network
  const classes = Math.max(...nets.map((net) => net.classes));
  const bars = Array.from({ length: classes }, () => nets.map(() => html("td", {}, html("span", { class: "nn-bar", "aria-hidden": "true" }), html("span", { class: "nn-share" }))));
  const rows = bars.map((cells, k) => html("tr", {}, html("th", { scope: "row" }, String(k)), ...cells));
  const table = html("table", { class: "nn-scores" }, html("thead", {}, html("tr", {}, html("td"), ...nets.map(({ name }) => html("th", { scope: "col" }, name)))), html("tbody", {}, ...rows));

  // What is read at every shift, a map a network
  const charts = nets.map(({ name }) => {
    const boxes = ALONG.flatMap((down) => ALONG.map((right) => {
      const [x, y] = [(right + FAR) * BOX, (down + FAR) * BOX];
      return { down, right, box: svg("rect", { x: x + 1.5, y: y + 1.5, width: BOX - 3, height: BOX - 3, rx: 2 }), text: svg("text", { x: x + BOX / 2, y: y + BOX / 2 + 4, "text-anchor": "middle" }) };
    }));
    const here = svg("rect", { class: "nn-here", width: BOX, height: BOX }), wide = ALONG.length * BOX;
    const start = svg("path", { class: "nn-start", d: `M${FAR * BOX},${FAR * BOX}h${BOX}v${BOX}h-${BOX}z` });
    const drawing = svg("svg", { viewBox: `-3 -3 ${wide + 6} ${wide + 6}`, role: "img" }, ...boxes.flatMap(({ box, text }) => [box, text]), start, here);
    at.listen(drawing, "click", (event) => {
      const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      move([spot.y, spot.x].map((value) => Math.floor(value / BOX) - FAR));
    });
    const title = html("p", { class: "nn-title" });
    return { name, boxes, here, drawing, title };
  });

  const menu = html("select", { name: "digit" }, ...labels.map((label, k) => html("option", { value: k }, String(label)))), says = status();
  at.listen(menu, "change", () => at.put({ digit: Number(menu.value) }));
  at.root.append(
    html("div", { class: "nn-controls" }, html("label", { class: "nn-choice" }, html("span", {}, "digit"), menu), button(at, "Back into place", () => move([0, 0]))),
    html("div", { class: "nn-columns" }, page, table),
    says,
    html("div", { class: "nn-pair" }, ...charts.map(({ drawing, title }) => html("div", {}, title, drawing))),
    html("p", { class: "nn-hint" }, "Drag the digit, or press a square: it stands for a place of the digit and holds what is read there. With the keyboard: Tab to the sheet, the arrow keys move the digit, Home brings it back."));

  function chart(digit) {
    const label = labels[digit];
    last.digit = digit;
    nets.forEach((net, n) => {
      const { boxes, drawing, title, name } = charts[n], all = readings(net, pictures[digit], side).flat(), hits = all.filter((one) => one === label).length;
      boxes.forEach(({ box, text }, i) => {
        for (const one of [box, text]) set(one, { class: all[i] === label ? "nn-hit" : "nn-slip" });
        text.textContent = all[i];
      });
      title.textContent = `${name}: right at ${hits} of ${all.length} places`;
      set(drawing, { "aria-label": `${name}: what is read at each of ${all.length} places, right at ${hits}` });
    });
  }

  function draw() {
    const [digit, shift] = KEYS.map(at.get), label = labels[digit], [down, right] = shift;
    const lying = moved(pictures[digit], side, shift);
    if (last.digit !== digit) chart(digit);
    pixels.forEach((pixel, i) => set(pixel, { "fill-opacity": lying[i].toFixed(3) }));
    menu.value = digit;
    const way = !down && !right ? "in place" : `moved ${[[right, "right", "left"], [down, "down", "up"]].filter(([by]) => by).map(([by, there, back]) => `${Math.abs(by)} ${by > 0 ? there : back}`).join(", ")}`;
    set(sheet, { "aria-label": `digit ${label}, ${way}` });
    const told = nets.map((net, n) => {
      const p = scores(net, lying, side), read = likeliest(p);
      p.forEach((one, k) => {
        const [bar, text] = bars[k][n].children;
        bar.style.setProperty("--share", one.toFixed(4));
        set(bars[k][n], { class: k !== label && k === read ? "nn-wrong" : k === label ? "nn-right" : "" });
        text.textContent = share(one) + (k === read ? (k === label ? " \u2713" : " \u2717") : "");
      });
      set(charts[n].here, { x: (right + FAR) * BOX, y: (down + FAR) * BOX });
      return `\u201c${net.name}\u201d reads ${read} (${share(p[read])}), ${read === label ? "right" : `wrong: the ${label} gets ${share(p[label])}`}`;
    });
    rows.forEach((row, k) => set(row, { class: k === label && "nn-true" }));
    says.textContent = `Digit ${label}, ${way}: ${told.join("; ")}.`;
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
