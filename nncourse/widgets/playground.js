import { button, choice, clamp, coordinates, html, mark, number, plane, set, shading, slider, stage, status, svg, toggle } from "./kit.js";
import { ACTIVATIONS, OPTIMIZERS, forward, room, sigmoid } from "./engine.js";
import { DATA, FEATURES, begin, described, fromLink, judge, lossOf, toLink, trainEpoch } from "./playing.js";

const SETTINGS = ["data", "n", "noise", "seed", "features", "layers", "activation", "biases", "optimizer", "learning_rate", "batch_size", "l1", "l2", "dropout"];
const RANGE = [-1.3, 1.3], CELLS = 100, TILE = 25, WIDE = 560, TALL = 236, HISTORY = 400;
const RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3], SIZES = [1, 5, 10, 30, 100, 600], PRICES = [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const NAMES = { leaky_relu: "leaky ReLU", relu: "ReLU", elu: "ELU", gelu: "GELU", sgd: "SGD", momentum: "SGD, momentum 0.9", nesterov: "SGD, Nesterov 0.9", adagrad: "Adagrad", rmsprop: "RMSprop", adam: "Adam", adamw: "AdamW" };
const words = (names) => names.map((name) => [name, NAMES[name] ?? name]);
const GRID = Array.from({ length: CELLS * CELLS }, (_, i) => [0.5 + (i % CELLS), CELLS - 0.5 - Math.floor(i / CELLS)].map((at) => RANGE[0] + (at / CELLS) * (RANGE[1] - RANGE[0])));

/** A choice among numbers, to which the present one is added where it is none of them. */
function numbers(at, key, label, values, show = String) {
  const all = values.includes(at.get(key)) ? values : [...values, at.get(key)].sort((a, b) => a - b);
  return choice(at, key, label, all.map((value) => [String(value), show(value)]), (value) => at.put({ [key]: Number(value) }));
}

function render({ model, el }) {
  const at = stage({ model, el }, "playground", "A network to play with");
  const settings = () => Object.fromEntries(SETTINGS.map((key) => [key, at.get(key)]));
  const beginning = { ...settings(), epochs: 0 };
  const openCase = () => at.put(fromLink(location.hash.slice(1), beginning) ?? {});
  openCase();

  // The run, and what is remembered of it: only how it looks, since all of it follows from the settings
  let run, grid, roomy, losses, tints, shown = "output", playing = false, frame = 0, visible = true;

  // The data and the answer
  const map = plane({ x: RANGE, y: RANGE, width: 300, height: 300, margin: 32, label: "The points and the network's answer", xLabel: "x1", yLabel: "x2", ticks: { x: [-1, 0, 1], y: [-1, 0, 1] } });
  const shade = shading(at, map, RANGE, RANGE, CELLS), points = svg("g", { "aria-hidden": "true" });
  map.ink.append(points);
  const curves = svg("svg", { viewBox: "0 0 300 120", class: "nn-curves", role: "img" });
  const taughtCurve = svg("polyline", { class: "nn-line" }), heldCurve = svg("polyline", { class: "nn-line nn-held" });
  const low = svg("text", { x: 4, y: 98 }), high = svg("text", { x: 4, y: 12 });
  curves.append(svg("rect", { class: "nn-frame", x: 1, y: 1, width: 298, height: 102 }), taughtCurve, heldCurve, low, high,
    svg("text", { x: 296, y: 117, "text-anchor": "end" }, "epochs \u2192"), svg("text", { x: 4, y: 117 }, "loss: \u2014 taught, - - held back"));

  // The network: one tile a neuron, which shows what it answers anywhere in the plane
  const net = html("canvas", { width: WIDE, height: TALL, class: "nn-net", "aria-hidden": "true" }), brush = net.getContext("2d");
  const look = html("select", { name: "shown" }), tile = brush.createImageData(TILE, TILE);
  at.listen(look, "change", () => { shown = look.value; paint(); });
  let tiles = [];
  at.listen(net, "click", (event) => {
    const box = net.getBoundingClientRect(), x = ((event.clientX - box.left) / box.width) * WIDE, y = ((event.clientY - box.top) / box.height) * TALL;
    const hit = tiles.find((one) => Math.abs(one.x - x) < 18 && Math.abs(one.y - y) < 18);
    if (hit) { shown = look.value = hit.name; paint(); }
  });
  const layerButtons = html("div", { class: "nn-controls nn-layers" });
  const says = status();

  // Controls
  const play = button(at, "Train", () => toggleRun());
  const single = button(at, "One epoch", () => { pause(); learn(1); });
  const again = button(at, "Start again", () => { pause(); at.put({ epochs: 0 }); restart(); });
  const other = button(at, "Other draw", () => { pause(); at.put({ seed: (at.get("seed") + 1) % 1000 }); });
  const link = html("input", { type: "text", readonly: true, class: "nn-link", "aria-label": "Link to this case", value: "" });
  const share = button(at, "Link to this case", () => {
    link.value = [location.href.split("#")[0], toLink({ ...settings(), epochs: run.epoch }, beginning)].join("#");
    link.focus();
    link.select();
  });
  const features = Object.keys(FEATURES).map((name) => {
    const box = html("input", { type: "checkbox", name: `feature ${name}` });
    at.listen(box, "change", () => {
      const chosen = Object.keys(FEATURES).filter((one) => (one === name ? box.checked : at.get("features").includes(one)));
      if (chosen.length) at.put({ features: chosen });
      else box.checked = true; // a network needs to be told something
    });
    return { name, box, label: html("label", { class: "nn-toggle" }, box, html("span", {}, name.replaceAll("^2", "\u00b2"))) };
  });
  at.root.append(
    html("div", { class: "nn-controls" }, play, single, again, other, share, link),
    html("div", { class: "nn-controls" }, choice(at, "data", "data", words(Object.keys(DATA))), slider(at, "noise", "noise", { min: 0, max: 0.5, step: 0.05 }), slider(at, "n", "points", { min: 30, max: 600, step: 30 })),
    html("div", { class: "nn-controls nn-features", role: "group", "aria-label": "What the network is told of a point" }, html("span", {}, "told:"), ...features.map((one) => one.label)),
    layerButtons,
    net,
    html("div", { class: "nn-columns" }, html("div", {}, html("label", { class: "nn-choice" }, html("span", {}, "map of"), look), shade.figure), html("div", {}, curves, says)),
    html("div", { class: "nn-controls" }, choice(at, "activation", "activation", words(Object.keys(ACTIVATIONS))), toggle(at, "biases", "biases"),
      choice(at, "optimizer", "optimizer", words(Object.keys(OPTIMIZERS))), numbers(at, "learning_rate", "rate", RATES)),
    html("div", { class: "nn-controls" }, numbers(at, "batch_size", "batch", SIZES, (size) => (size === 600 ? "all" : String(size))), numbers(at, "l1", "L1", PRICES), numbers(at, "l2", "L2", PRICES),
      slider(at, "dropout", "dropout", { min: 0, max: 0.8, step: 0.1 })),
    html("p", { class: "nn-hint" }, "Circles are class 0, squares class 1; pale ones are held back. Dots in the map say class 1. Press a neuron to see its map large."));

  function restart() {
    run = begin(settings());
    grid = described(at.get("features"), GRID);
    roomy = room(run.net, CELLS * CELLS);
    losses = [];
    note();
  }

  /** What is drawn anew when data, features or layers change. */
  function lay() {
    restart();
    const { data } = run.settings, quantity = lossOf(data) === "mse";
    points.replaceChildren(...[run.taught, run.held].flatMap((part, held) => part.points.map(([x, y, target]) => {
      const place = { transform: `translate(${map.x(clamp(x, ...RANGE)).toFixed(1)} ${map.y(clamp(y, ...RANGE)).toFixed(1)})`, class: held ? "nn-pale" : "" };
      return svg("g", place, quantity ? svg("circle", { class: target > 0 ? "nn-class1" : "nn-class0", r: (1 + 3 * Math.min(1, Math.abs(target))).toFixed(1) }) : mark(target, 3));
    })));
    for (const { name, box } of features) box.checked = at.get("features").includes(name);
    drawLayers();
    const names = ["output", ...at.get("layers").flatMap((m, l) => Array.from({ length: m }, (_, k) => `${l + 1}.${k + 1}`))];
    if (!names.includes(shown)) shown = "output";
    look.replaceChildren(...names.map((name) => html("option", { value: name }, name === "output" ? "the output" : `neuron ${name}`)));
    look.value = shown;
    learn(at.get("epochs"));
  }

  function drawLayers() {
    const layers = at.get("layers"), put = (next) => at.put({ layers: next });
    const change = (l, by) => put(layers.map((m, i) => (i === l ? clamp(m + by, 1, 8) : m)));
    const had = layerButtons.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    layerButtons.replaceChildren(html("span", {}, "hidden layers:"),
      ...layers.flatMap((m, l) => [
        button(at, "\u2212", () => change(l, -1), { "aria-label": `one neuron less in layer ${l + 1}`, class: "nn-small" }),
        html("span", { class: "nn-count" }, String(m)),
        button(at, "+", () => change(l, 1), { "aria-label": `one neuron more in layer ${l + 1}`, class: "nn-small" }),
      ]),
      button(at, "remove a layer", () => put(layers.slice(0, -1)), { disabled: !layers.length }),
      button(at, "add a layer", () => put([...layers, 4]), { disabled: layers.length > 3 }));
    if (had) layerButtons.querySelector(`[aria-label="${had}"]`)?.focus({ preventScroll: true });
  }

  /** Remember the two losses; when the memory is full, every second one is enough. */
  function note() {
    losses.push([run.epoch, judge(run, run.taught).loss, judge(run, run.held).loss]);
    if (losses.length > HISTORY) losses = losses.filter((_, i) => i % 2 === 0 || i === losses.length - 1);
  }

  function learn(count) {
    for (let i = 0; i < count; i++) {
      trainEpoch(run);
      if (count < HISTORY || i % 8 === 0 || i === count - 1) note();
    }
    paint();
  }

  /** The shade of a neuron's answer, from 0 to 1: what a class or a bend says, brought between two colours. */
  const tone = (output, value) => (output ? (run.settings.loss === "mse" ? clamp(0.5 + value / 2, 0, 1) : sigmoid(value)) : run.settings.activation === "sigmoid" ? value : 0.5 + 0.5 * Math.tanh(value));

  function paint() {
    forward(run.net, run.theta, run.settings.activation, grid, CELLS * CELLS, roomy);
    const [l, k] = shown === "output" ? [run.net.layers.length, 1] : shown.split(".").map(Number);
    const { m } = run.net.layers[l - 1], values = shown === "output" ? roomy.z[l - 1] : roomy.a[l - 1];
    let i = k - 1 - m;
    shade.paint(() => tone(shown === "output", values[(i += m)]));
    paintNetwork();
    paintCurves();
    tell();
  }

  function paintNetwork() {
    const { layers } = run.net, style = getComputedStyle(at.root), colour = (name) => style.getPropertyValue(name).trim();
    const columns = [at.get("features").length, ...layers.map(({ m }) => m)], x = (c) => 30 + (c * (WIDE - 60)) / (columns.length - 1), y = (c, i) => TALL / 2 + (i - (columns[c] - 1) / 2) * 29;
    brush.clearRect(0, 0, WIDE, TALL);
    layers.forEach(({ d, m, W }, l) => {
      for (let j = 0; j < d; j++) {
        for (let n = 0; n < m; n++) {
          const weight = run.theta[W + j * m + n];
          brush.beginPath();
          brush.setLineDash(weight < 0 ? [4, 3] : []);
          brush.lineWidth = Math.min(6, 0.3 + 1.5 * Math.abs(weight));
          brush.strokeStyle = colour(weight < 0 ? "--nn-zero" : "--nn-one");
          brush.moveTo(x(l) + 14, y(l, j));
          brush.lineTo(x(l + 1) - 14, y(l + 1, n));
          brush.stroke();
        }
      }
    });
    brush.setLineDash([]);
    tiles = [];
    const paper = colour("--nn-paper"), ink = colour("--nn-ink");
    brush.font = "600 11px sans-serif";
    columns.forEach((count, c) => {
      for (let i = 0; i < count; i++) {
        const output = c === columns.length - 1, name = output ? "output" : `${c}.${i + 1}`, [cx, cy] = [x(c), y(c, i)];
        const read = c ? (output ? roomy.z : roomy.a)[c - 1] : grid;
        for (let p = 0; p < TILE * TILE; p++) {
          const cell = Math.floor(p / TILE) * 4 * CELLS + (p % TILE) * 4 + 2 * CELLS + 2;
          const s = c ? tone(output, read[cell * count + i]) : clamp(0.5 + read[cell * count + i] / 2, 0, 1);
          tile.data[4 * p + 3] = 255;
          for (let part = 0; part < 3; part++) tile.data[4 * p + part] = tints.zero[part] + s * (tints.one[part] - tints.zero[part]);
        }
        brush.putImageData(tile, Math.round(cx - TILE / 2), Math.round(cy - TILE / 2));
        brush.lineWidth = name === shown ? 3 : 1;
        brush.strokeStyle = ink;
        brush.strokeRect(Math.round(cx - TILE / 2) - 0.5, Math.round(cy - TILE / 2) - 0.5, TILE + 1, TILE + 1);
        if (c) tiles.push({ name, x: cx, y: cy });
        else {
          brush.fillStyle = ink;
          brush.textAlign = "left";
          brush.strokeStyle = paper;
          brush.fillText(at.get("features")[i].replace("^2", "\u00b2").replace("sin 3 ", "sin"), 0, cy - 14);
        }
      }
    });
  }

  function paintCurves() {
    const top = Math.max(...losses.slice(-HISTORY).map(([, a, b]) => Math.min(2, Math.max(a, b)))), last = Math.max(1, run.epoch);
    const line = (which) => coordinates(losses.map((row) => [2 + (296 * row[0]) / last, 102 - 98 * clamp(row[which] / top, 0, 1)]));
    set(taughtCurve, { points: line(1) });
    set(heldCurve, { points: line(2) });
    high.textContent = number(top, 2);
    low.textContent = "0";
    const [, a, b] = losses.at(-1);
    set(curves, { "aria-label": `Loss after ${run.epoch} epochs: taught ${number(a, 3)}, held back ${number(b, 3)}` });
  }

  function tell() {
    const [, a, b] = losses.at(-1), quantity = run.settings.loss === "mse", taught = judge(run, run.taught), held = judge(run, run.held);
    const right = quantity ? "" : ` Right: ${taught.right} of ${run.taught.n} taught, ${held.right} of ${run.held.n} held back.`;
    set(says, { "aria-live": playing ? "off" : "polite" });
    says.textContent = `Epoch ${run.epoch}, ${run.updates} updates. Loss ${number(a, 3)} taught, ${number(b, 3)} held back.${right}${Number.isFinite(a) ? "" : " It has blown up: try a smaller rate."}`;
  }

  // Running: as many epochs a frame as fit, and none while nobody sees it
  function step() {
    frame = 0;
    if (!playing || !visible) return;
    const until = performance.now() + 5;
    do { trainEpoch(run); } while (performance.now() < until && run.size < run.taught.n / 2 && run.epoch % 4);
    note();
    paint();
    if (run.epoch >= 5000) pause();
    else frame = requestAnimationFrame(step);
  }
  const go = () => { if (playing && visible && !frame) frame = requestAnimationFrame(step); };
  function pause() {
    playing = false;
    play.textContent = "Train";
    if (run) tell();
  }
  function toggleRun() {
    if (playing) return pause();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return learn(100);
    playing = true;
    play.textContent = "Pause";
    go();
  }
  const watcher = new IntersectionObserver(([entry]) => { visible = entry.isIntersecting; go(); });
  watcher.observe(at.root);

  // Colours of the theme, as numbers between which a tile is dyed
  const dye = () => {
    const style = getComputedStyle(at.root);
    tints = Object.fromEntries(["zero", "one"].map((name) => {
      brush.fillStyle = style.getPropertyValue(`--nn-${name}`).trim();
      return [name, [1, 3, 5].map((i) => parseInt(brush.fillStyle.slice(i, i + 2), 16))];
    }));
  };
  at.listen(at.root, "transitionend", () => { dye(); paint(); });
  at.listen(window, "hashchange", openCase);

  at.watch([...SETTINGS, "epochs"], () => { pause(); lay(); });
  dye();
  lay();
  return () => {
    playing = false;
    cancelAnimationFrame(frame);
    watcher.disconnect();
    at.close();
  };
}

export default { render };
