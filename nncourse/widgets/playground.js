import { button, choice, clamp, coordinates, html, number, plane, set, shading, slider, stage, status, svg, toggle } from "./kit.js";
import { ACTIVATIONS, OPTIMIZERS, forward, room } from "./engine.js";
import { DATA, FEATURES, begin, described, fromLink, judge, lossOf, toLink, trainEpoch } from "./playing.js";
import { TILE, portrait, tone } from "./portrait.js";

const SETTINGS = ["data", "n", "noise", "seed", "features", "layers", "activation", "biases", "optimizer", "learning_rate", "batch_size", "l1", "l2", "dropout"];
const RANGE = [-1.3, 1.3], CELLS = 100, HISTORY = 200;
const RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3], SIZES = [1, 5, 10, 30, 100, 600], PRICES = [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const NAMES = { leaky_relu: "leaky ReLU", relu: "ReLU", elu: "ELU", gelu: "GELU", sgd: "SGD", momentum: "SGD, momentum 0.9", nesterov: "SGD, Nesterov 0.9", adagrad: "Adagrad", rmsprop: "RMSprop", adam: "Adam", adamw: "AdamW" };
const words = (names) => names.map((name) => [name, NAMES[name] ?? name]);
/** The middles of the cells of the map, from above, line by line; of every few cells and lines only one where `apart` says so. */
const middles = (apart) => Array.from({ length: (CELLS / apart) ** 2 }, (_, i) => {
  const line = Math.floor((i * apart) / CELLS), place = (cell) => RANGE[0] + ((cell + 0.5) / CELLS) * (RANGE[1] - RANGE[0]), middle = Math.floor(apart / 2);
  return [place(((i * apart) % CELLS) + middle), place(CELLS - 1 - line * apart - middle)];
});

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
  let run, told, lines, strip, few, losses, shown = "output", playing = false, frame = 0, frames = 0, visible = true, painting = 0;

  // The data and the answer
  const map = plane({ x: RANGE, y: RANGE, width: 300, height: 300, margin: 32, label: "The points and the network's answer", xLabel: "x1", yLabel: "x2", ticks: { x: [-1, 0, 1], y: [-1, 0, 1] } });
  const shade = shading(at, map, RANGE, RANGE, CELLS), points = svg("g", { "aria-hidden": "true", class: "nn-points" });
  map.ink.append(points);
  const curves = svg("svg", { viewBox: "0 0 300 120", class: "nn-curves", role: "img" });
  const taughtCurve = svg("polyline", { class: "nn-line" }), heldCurve = svg("polyline", { class: "nn-line nn-held" });
  const low = svg("text", { class: "nn-end", x: 4, y: 98 }), high = svg("text", { class: "nn-end", x: 4, y: 13 });
  curves.append(svg("rect", { class: "nn-frame", x: 1, y: 1, width: 298, height: 102 }), taughtCurve, heldCurve, low, high,
    svg("text", { x: 296, y: 117, "text-anchor": "end" }, "epochs \u2192"), svg("text", { x: 4, y: 117 }, "loss: \u2014 taught, - - held back"));

  const net = portrait(), look = html("select", { name: "shown" });
  at.listen(look, "change", () => { shown = look.value; paint(); });
  at.listen(net.canvas, "click", (event) => {
    const name = net.hit(event);
    if (name) { shown = look.value = name; paint(); }
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
    net.canvas,
    html("div", { class: "nn-columns" }, html("div", {}, html("label", { class: "nn-choice" }, html("span", {}, "map of"), look), shade.figure), html("div", {}, curves, says)),
    html("div", { class: "nn-controls" }, choice(at, "activation", "activation", words(Object.keys(ACTIVATIONS))), toggle(at, "biases", "biases"),
      choice(at, "optimizer", "optimizer", words(Object.keys(OPTIMIZERS))), numbers(at, "learning_rate", "rate", RATES)),
    html("div", { class: "nn-controls" }, numbers(at, "batch_size", "batch", SIZES, (size) => (size === 600 ? "all" : String(size))), numbers(at, "l1", "L1", PRICES), numbers(at, "l2", "L2", PRICES),
      slider(at, "dropout", "dropout", { min: 0, max: 0.8, step: 0.1 })),
    html("p", { class: "nn-hint" }, "Circles are class 0, squares class 1; pale ones are held back. Dots in the map say class 1. Press a neuron to see its map large."));

  /** What the network is told of the map, a line of cells after the other, and of the few cells that a tile shows. */
  function survey(features) {
    if (told?.features === String(features)) return;
    const all = described(features, middles(1)), part = features.length * CELLS;
    lines = Array.from({ length: CELLS }, (_, i) => all.subarray(i * part, (i + 1) * part));
    told = { features: String(features), x: described(features, middles(CELLS / TILE)) };
  }

  function restart() {
    run = begin(settings());
    survey(at.get("features"));
    strip = room(run.net, CELLS);
    few = room(run.net, TILE * TILE);
    losses = [];
    note();
  }

  /** The points: one path for each class and part, since five hundred elements would be slow. */
  function drawPoints() {
    const quantity = lossOf(run.settings.data) === "mse", r = (target) => (quantity ? (1 + 3 * Math.min(1, Math.abs(target))).toFixed(1) : 3);
    const circle = (size) => `m-${size},0a${size},${size},0,1,0,${2 * size},0a${size},${size},0,1,0,-${2 * size},0`;
    points.replaceChildren(...[run.taught, run.held].flatMap((part, held) => [0, 1].map((kind) => {
      const shape = (target) => (kind && !quantity ? "m-3-3h6v6h-6z" : circle(r(target))), its = part.points.filter((point) => Number(point[2] > 0) === kind);
      const d = its.map(([x, y, target]) => `M${map.x(clamp(x, ...RANGE)).toFixed(1)},${map.y(clamp(y, ...RANGE)).toFixed(1)}${shape(target)}`);
      return svg("path", { class: `nn-class${kind}${held ? " nn-pale" : ""}`, d: d.join("") });
    })));
  }

  /** What is drawn anew when data, features or layers change. */
  function lay() {
    restart();
    drawPoints();
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
    const [taught, held] = [run.taught, run.held].map((part) => judge(run, part));
    losses.push([run.epoch, taught.loss, held.loss, taught.right, held.right]);
    if (losses.length > HISTORY) losses = losses.filter((_, i) => i % 2 === 0 || i === losses.length - 1);
  }

  function learn(count) {
    for (let i = 0; i < count; i++) {
      trainEpoch(run);
      if (count < HISTORY || i % 8 === 0 || i === count - 1) note();
    }
    paint();
  }

  /** The map of the neuron that is shown, the network with its tiles, the curves and the words. */
  function paint() {
    const { theta, settings: { activation } } = run, output = shown === "output", dye = tone(output, run.settings);
    const [l, k] = output ? [run.net.layers.length, 1] : shown.split(".").map(Number), { m } = run.net.layers[l - 1], answers = (output ? strip.z : strip.a)[l - 1];
    let row = 0, cell = CELLS;
    shade.paint(() => {
      if (cell === CELLS) {
        forward(run.net, theta, activation, lines[row++], CELLS, strip);
        cell = 0;
      }
      return dye(answers[cell++ * m + k - 1]);
    });
    forward(run.net, theta, activation, told.x, TILE * TILE, few);
    net.paint(run, told.x, few, shown, playing && frames % 4);
    if (!playing || frames % 4 === 2) paintCurves();
    if (!playing || frames % 8 === 0) tell(); // nobody reads sixty lines a second
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
    const [, a, b, taught, held] = losses.at(-1), quantity = run.settings.loss === "mse";
    const right = quantity ? "" : ` Right: ${taught} of ${run.taught.n} taught, ${held} of ${run.held.n} held back.`;
    set(says, { "aria-live": playing ? "off" : "polite" });
    says.textContent = `Epoch ${run.epoch}, ${run.updates} updates. Loss ${number(a, 3)} taught, ${number(b, 3)} held back.${right}${Number.isFinite(a) ? "" : " It has blown up: try a smaller rate."}`;
  }

  // Running: as many epochs a frame as fit beside the painting, four at most, and none while nobody sees it
  function step() {
    frame = 0;
    if (!playing || !visible) return;
    const until = performance.now() + clamp(9 - painting, 1, 5);
    do { trainEpoch(run); } while (performance.now() < until && run.size < run.taught.n / 2 && run.epoch % 4);
    const start = performance.now();
    frames += 1;
    note();
    paint();
    painting = performance.now() - start;
    if (run.epoch >= 5000) pause();
    else frame = requestAnimationFrame(step);
  }
  const go = () => { if (playing && visible && !frame) frame = requestAnimationFrame(step); };
  function keepOn(on) {
    playing = on;
    play.textContent = on ? "Pause" : "Train";
    at.root.classList.toggle("nn-playing", on);
  }
  function pause() {
    const moving = playing;
    keepOn(false);
    if (moving) paint(); // lines and curves, too, which were left behind in the hurry
  }
  function toggleRun() {
    if (playing) return pause();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return learn(100);
    keepOn(true);
    go();
  }
  const watcher = new IntersectionObserver(([entry]) => { visible = entry.isIntersecting; go(); });
  watcher.observe(at.root);

  at.listen(at.root, "transitionend", () => { net.dye(at.root); paint(); });
  at.listen(window, "hashchange", openCase);

  at.watch([...SETTINGS, "epochs"], () => { pause(); lay(); });
  net.dye(at.root);
  lay();
  return () => {
    playing = false;
    cancelAnimationFrame(frame);
    watcher.disconnect();
    at.close();
  };
}

export default { render };
