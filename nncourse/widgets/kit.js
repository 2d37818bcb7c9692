// What every widget needs: elements, a stage that cleans up after itself, sliders, and a plane to draw on.
// Python joins this file with the widget's own module, so that each widget stays one self-contained ES module.

const SVG_NS = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An HTML element: `html("button", { type: "button" }, "Step")`. */
export const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG_NS, tag), attributes, children);

/** Set attributes on an element that exists; `false` and `null` remove one. */
export const set = (element, attributes) => fill(element, attributes, []);

/**
 * Draw a list of [tag, attributes, text] inside an element of SVG. What stands there from the last time is changed where
 * it differs and not made anew, which is several times as fast under a slider.
 */
export function redraw(parent, parts) {
  parts.forEach(([tag, attributes, text], i) => {
    const had = parent.children[i], one = had?.localName === tag ? had : svg(tag);
    if (one !== had) had ? had.replaceWith(one) : parent.append(one);
    for (const name of one.getAttributeNames()) if (!(name in attributes)) one.removeAttribute(name);
    for (const [name, value] of Object.entries(attributes)) if (one.getAttribute(name) !== String(value)) one.setAttribute(name, value);
    write(one, text ?? "");
  });
  while (parent.children.length > parts.length) parent.lastChild.remove();
}

/** Give an element a text, unless it says so already. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A number as a reader writes it: at most `digits` decimals, a true minus sign, no "-0". */
export function number(value, digits = 2) {
  const text = Number(value.toFixed(digits)).toString();
  return (text === "-0" ? "0" : text).replace("-", "\u2212");
}

/** Numbers for an attribute of SVG: `0.1 + 0.2` need not travel with seventeen digits. */
export const coordinates = (points) => points.map((point) => point.map((value) => value.toFixed(2)).join(",")).join(" ");

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** True when two synced values say the same (numbers, strings, lists and plain objects). */
export const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * The place where a widget lives. Everything registered here ends with `close()`:
 * rerunning a cell a hundred times leaves no listener behind.
 */
export function stage({ model, el }, name, label) {
  const controller = new AbortController();
  const watched = [];
  const root = html("section", { class: `nn-w nn-w-${name}`, "aria-label": label });
  el.append(root);
  // A finger on a handle drags it, anywhere else it scrolls. `touch-action` cannot say so of a part of a drawing.
  const hold = (event) => event.target.closest(".nn-drag") && event.preventDefault();
  root.addEventListener("touchstart", hold, { passive: false, signal: controller.signal });
  return {
    root,
    get: (key) => model.get(key),
    /** Write to the model, and only what really changed. */
    put(changes) {
      const news = Object.entries(changes).filter(([key, value]) => !same(model.get(key), value));
      for (const [key, value] of news) model.set(key, value);
      if (news.length) model.save_changes();
    },
    listen(target, types, action, options = {}) {
      for (const type of types.split(" ")) {
        target.addEventListener(type, action, { ...options, signal: controller.signal });
      }
    },
    /** Call `action` whenever one of the keys changes, from here or from Python; once for changes that come together. */
    watch(keys, action) {
      let due = false;
      const soon = () => {
        if (due) return;
        due = true;
        queueMicrotask(() => {
          due = false;
          if (!controller.signal.aborted) action();
        });
      };
      for (const key of keys) {
        model.on(`change:${key}`, soon);
        watched.push([`change:${key}`, soon]);
      }
    },
    close() {
      controller.abort();
      for (const [event, action] of watched) model.off(event, action);
      root.remove();
    },
  };
}

export function button(at, text, action, attributes = {}) {
  const element = html("button", { type: "button", ...attributes }, text);
  at.listen(element, "click", action);
  return element;
}

/**
 * A labelled slider bound to one number of the model. `show` turns its value into words; `page` is what PageUp and
 * PageDown add, and `change` writes what the slider says.
 */
export function slider(at, key, label, options) {
  const { min, max, step, page, show = (value) => number(value), change = (value) => at.put({ [key]: value }) } = options;
  const input = html("input", { type: "range", name: key, min, max, step });
  const value = html("output", { class: "nn-value" });
  const sync = () => {
    input.value = at.get(key);
    value.textContent = show(at.get(key));
    set(input, { "aria-valuetext": show(at.get(key)) });
  };
  at.listen(input, "input", () => change(Number(input.value)));
  if (page) {
    at.listen(input, "keydown", (event) => {
      const move = { PageUp: page, PageDown: -page }[event.key];
      if (!move) return;
      event.preventDefault();
      input.value = Number(input.value) + move; // the browser keeps it inside, on a step
      change(Number(input.value));
    });
  }
  at.watch([key], sync);
  sync();
  return html("label", { class: "nn-slider" }, html("span", {}, label), input, value);
}

/** A labelled choice bound to one word of the model: `options` is a list of [value, text]. */
export function choice(at, key, label, options, change = (value) => at.put({ [key]: value })) {
  const input = html("select", { name: key });
  for (const [value, text] of options) input.append(html("option", { value }, text));
  const sync = () => { input.value = at.get(key); };
  at.listen(input, "change", () => change(input.value));
  at.watch([key], sync);
  sync();
  return html("label", { class: "nn-choice" }, html("span", {}, label), input);
}

/** A tick box bound to one truth value of the model. */
export function toggle(at, key, label) {
  const input = html("input", { type: "checkbox", name: key });
  const sync = () => { input.checked = at.get(key); };
  at.listen(input, "change", () => at.put({ [key]: input.checked }));
  at.watch([key], sync);
  sync();
  return html("label", { class: "nn-toggle" }, input, html("span", {}, label));
}

/** The line that says the state in words; screen readers hear its changes. */
export const status = () => html("p", { class: "nn-status", role: "status", "aria-live": "polite" });

/** Axes over a rectangle of numbers: a drawing with `x`, `y` (numbers to pixels), `at` (a pointer to numbers). */
export function plane({ x: [x0, x1], y: [y0, y1], width = 320, height = 320, margin = 30, label, xLabel, yLabel, ticks }) {
  const right = width - 10, top = 10, bottom = height - margin;
  const x = (value) => margin + ((value - x0) / (x1 - x0)) * (right - margin);
  const y = (value) => bottom - ((value - y0) / (y1 - y0)) * (bottom - top);
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "nn-plane", role: "group", "aria-label": label });
  drawing.append(svg("rect", { class: "nn-frame", x: margin, y: top, width: right - margin, height: bottom - top }));
  const axes = svg("g", { class: "nn-axes", "aria-hidden": "true" });
  for (const value of ticks?.x ?? [x0, x1]) {
    axes.append(svg("line", { x1: x(value), x2: x(value), y1: bottom, y2: bottom + 4 }));
    axes.append(svg("text", { x: x(value), y: bottom + 15, "text-anchor": "middle" }, number(value)));
  }
  for (const value of ticks?.y ?? [y0, y1]) {
    axes.append(svg("line", { x1: margin - 4, x2: margin, y1: y(value), y2: y(value) }));
    axes.append(svg("text", { x: margin - 6, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  if (xLabel) axes.append(svg("text", { x: (margin + right) / 2, y: height - 2, "text-anchor": "middle" }, xLabel));
  if (yLabel) {
    const spot = `translate(10 ${(top + bottom) / 2}) rotate(-90)`;
    axes.append(svg("text", { transform: spot, "text-anchor": "middle" }, yLabel));
  }
  const ink = svg("g");
  drawing.append(axes, ink);
  return {
    drawing, ink, x, y, left: margin, right, top, bottom,
    /** Where a pointer event stands, in the numbers of the axes. */
    at(event) {
      const box = drawing.getBoundingClientRect();
      const px = ((event.clientX - box.left) / box.width) * width;
      const py = ((event.clientY - box.top) / box.height) * height;
      return [
        x0 + ((px - margin) / (right - margin)) * (x1 - x0),
        y0 + ((bottom - py) / (bottom - top)) * (y1 - y0),
      ];
    },
  };
}

/**
 * A ring on a plane that the reader drags, or moves by tenths with the arrow keys; Home brings it back. It is a point of
 * the model, kept inside its ground: `where()` answers `{ map, domain, home }`.
 */
export function grip(at, key, where) {
  const handle = svg("g", { class: "nn-drag", tabindex: 0, role: "button" }, svg("circle", { class: "nn-halo", r: 15 }), svg("circle", { class: "nn-start", r: 7 }));
  const move = (to) => {
    const now = at.get(key), { domain } = where();
    at.put({ [key]: to.map((value, i) => (value === now[i] ? value : clamp(Math.round(value * 10) / 10, ...domain[i]))) });
  };
  at.listen(handle, "pointerdown", (event) => { handle.setPointerCapture(event.pointerId); handle.focus({ preventScroll: true }); });
  at.listen(handle, "pointermove", (event) => handle.hasPointerCapture(event.pointerId) && move(where().map.at(event)));
  at.listen(handle, "keydown", (event) => {
    const way = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (way) move(at.get(key).map((value, i) => value + way[i]));
    else if (event.key === "Home") at.put({ [key]: where().home });
    else return;
    event.preventDefault();
  });
  return handle;
}

/** A map behind a plane: `paint(f)` shades it by f(x, y), a probability; dots say class 1. Put `figure` on the page. */
export function shading(at, { drawing, left, right, top, bottom }, [x0, x1], [y0, y1], cells = 128) {
  const canvas = html("canvas", { width: cells, height: cells, "aria-hidden": "true" });
  const figure = html("div", { class: "nn-map" }, canvas, drawing);
  const { width, height } = drawing.viewBox.baseVal, brush = canvas.getContext("2d"), image = brush.createImageData(cells, cells);
  const part = (value, whole) => `${(100 * value) / whole}%`;
  canvas.style.cssText = `left:${part(left, width)};top:${part(top, height)};width:${part(right - left, width)};height:${part(bottom - top, height)}`;
  const pixels = new Uint32Array(image.data.buffer), fires = new Uint8Array(cells); // the last `cells` answers
  const colour = (name) => {
    brush.fillStyle = getComputedStyle(at.root).getPropertyValue(name).trim();
    return [5, 3, 1].reduce((word, i) => (word << 8) | parseInt(brush.fillStyle.slice(i, i + 2), 16), 0); // blue, green, red
  };
  let probability = null, tints = null;
  function paint(f = probability) {
    probability = f;
    const [zero, one, ink] = (tints ??= ["--nn-zero", "--nn-one", "--nn-ink"].map(colour));
    for (let row = 0, k = 0; row < cells; row++) {
      const y = y1 - ((row + 0.5) / cells) * (y1 - y0);
      for (let column = 0; column < cells; column++, k++) {
        const p = f(x0 + ((column + 0.5) / cells) * (x1 - x0), y), fire = p >= 0.5 ? 1 : 0;
        const border = (row && fires[column] !== fire) || (column && fires[column - 1] !== fire);
        const dot = fire && row % 8 === 4 && column % 8 === 4 ? 90 : 0; // told apart without colour
        pixels[k] = border ? (130 << 24) | ink : ((18 + dot + 140 * Math.abs(p - 0.5)) << 24) | (fire ? one : zero);
        fires[column] = fire;
      }
    }
    brush.putImageData(image, 0, 0);
  }
  at.listen(canvas, "transitionend", () => { tints = null; paint(); }); // the theme changed: kit.css lets the canvas notice
  return { figure, paint };
}

/** The part of the rectangle where `bias + w1 x + w2 y >= 0`, as a list of corners (Sutherland and Hodgman, 1974). */
export function halfPlane([w1, w2], bias, [x0, x1], [y0, y1]) {
  const score = ([x, y]) => bias + w1 * x + w2 * y;
  const corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
  return corners.flatMap((here, i) => {
    const next = corners[(i + 1) % 4], a = score(here), b = score(next);
    const kept = a >= 0 ? [here] : [];
    if (a >= 0 !== b >= 0) {
      const t = a / (a - b);
      kept.push([here[0] + t * (next[0] - here[0]), here[1] + t * (next[1] - here[1])]);
    }
    return kept;
  });
}

/** The line `bias + w1 x + w2 y = 0` inside the rectangle: its two ends, or nothing where it passes outside. */
export function boundary([w1, w2], bias, [x0, x1], [y0, y1]) {
  const inside = halfPlane([w1, w2], bias, [x0, x1], [y0, y1]);
  const size = Math.abs(bias) + Math.abs(w1) + Math.abs(w2);
  const ends = size ? inside.filter(([x, y]) => Math.abs(bias + w1 * x + w2 * y) <= 1e-9 * size) : [];
  return ends.length >= 2 ? [ends[0], ends.at(-1)] : [];
}

/** Class 0 is an open circle, class 1 a filled square: told apart by shape, not by colour alone. */
export function mark(label, size = 7) {
  return label
    ? svg("rect", { class: "nn-class1", x: -size, y: -size, width: 2 * size, height: 2 * size, rx: 1 })
    : svg("circle", { class: "nn-class0", r: size });
}
