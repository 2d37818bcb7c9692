import { choice, clamp, coordinates, html, plane, set, slider, stage, status, svg, toggle } from "./kit.js";

/**
 * What `nn.callbacks.EarlyStopping` makes of validation losses, epochs counted from 0: the loss to beat before each
 * epoch, the epochs waited after each, and the epoch of the last improvement. All end with the last epoch trained.
 */
export function earlyStopping(losses, patience, minDelta) {
  const toBeat = [], waits = [];
  let best = null, wait = 0;
  for (let epoch = 0; epoch < losses.length; epoch++) {
    toBeat.push(best === null ? null : losses[best] - minDelta);
    wait += 1;
    if (best === null || losses[epoch] + minDelta < losses[best]) [best, wait] = [epoch, 0];
    waits.push(wait);
    if (wait >= patience && wait > 0 && epoch > 0) return { stopped: true, stop: epoch, best, toBeat, waits };
  }
  return { stopped: false, stop: losses.length - 1, best, toBeat, waits };
}

/** The place of the lowest loss; of several, the first. */
export const lowest = (losses) => losses.indexOf(Math.min(...losses));

const KEYS = ["runs", "run", "patience", "min_delta", "restore"], digits = (value) => value.toFixed(4), WIDE = 340;

function render({ model, el }) {
  const at = stage({ model, el }, "stop", "Early stopping on recorded trainings");
  const view = { run: null, map: null };
  const ground = html("div", { class: "nn-ground" }), below = html("div");
  const line = (kind) => svg("polyline", { class: kind }), text = (words, kind = "nn-says") => svg("text", { class: kind }, words);
  const training = line("nn-training"), rest = line("nn-rest"), val = line("nn-val"), bar = svg("path", { class: "nn-beat" }), dots = svg("g"), veil = svg("rect", { class: "nn-veil" });
  const home = svg("circle", { class: "nn-home", r: 6 }), low = svg("path", { class: "nn-lowest", d: "M0-8L8,0L0,8L-8,0z" }), end = svg("line", { class: "nn-end" });
  const stopped = text("stop"), never = text("never seen", "nn-says nn-quiet");

  // Numbers, and what stands for what
  const sample = (...marks) => svg("svg", { viewBox: "0 0 26 16", class: "nn-sample", "aria-hidden": "true" }, ...marks);
  const stroke = (kind) => svg("path", { class: kind, d: "M0 8H26" }), spot = "translate(13 8)";
  const rows = [["brought home", svg("circle", { class: "nn-home", r: 5, transform: spot })], ["last epoch trained", svg("path", { class: "nn-end", d: "M13 1V15" })],
    ["lowest of all", svg("path", { class: "nn-lowest", d: "M0-6L6,0L0,6L-6,0z", transform: spot })]].map(([name, mark]) => ({ head: html("th", { scope: "row" }, sample(mark), name), cells: [html("td"), html("td")] }));
  const table = html("table", {}, html("thead", {}, html("tr", {}, html("td"), html("th", { scope: "col" }, "epoch"), html("th", { scope: "col" }, "held back"))),
    html("tbody", {}, ...rows.map(({ head, cells }) => html("tr", {}, head, ...cells))));
  const key = (words, ...marks) => html("span", {}, sample(...marks), words);
  const legend = html("p", { class: "nn-key" }, key("validation loss", stroke("nn-val")), key("improvement", svg("circle", { class: "nn-better", r: 3.2, transform: spot })),
    key("the loss to beat", stroke("nn-beat")), key("training loss", stroke("nn-training")));
  const says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "run", "training", Object.keys(at.get("runs")).map((name) => [name, name])),
      toggle(at, "restore", "restore_best_weights"),
      slider(at, "patience", "patience", { min: 0, max: 20, step: 1, page: 5, show: String }),
      slider(at, "min_delta", "min_delta", { min: 0, max: 0.1, step: 0.005, page: 0.02, show: String })),
    html("div", { class: "nn-columns" }, html("div", {}, ground, below), html("div", {}, legend, table, says)));

  /** The axes of a run: losses from a little below the lowest to twice as much. */
  function lay(run) {
    const { val_loss: losses } = at.get("runs")[run], least = Math.min(...losses), n = losses.length, x = [0.2, n + 0.8];
    const map = plane({ x, y: [0.8 * least, 2 * least], width: WIDE, height: 270, margin: 34, label: "Loss per epoch", ticks: { x: [], y: [] } });
    const [wide, high] = [map.right - map.left, map.bottom - map.top];
    const pane = svg("svg", { x: map.left, y: map.top, width: wide, height: high, viewBox: `${map.left} ${map.top} ${wide} ${high}` });
    pane.style.cssText = `width:${wide}px;height:${high}px;max-width:none`; // what leaves the frame is not drawn
    const step = [0.05, 0.1, 0.2, 0.5, 1, 2, 5].find((one) => one * 6 > 1.2 * least) ?? 1.2 * least;
    for (let k = Math.ceil((0.8 * least) / step); k * step <= 2 * least; k++) {
      const y = map.y(k * step);
      pane.append(svg("line", { class: "nn-grid", x1: map.left, x2: map.right, y1: y, y2: y }));
      map.ink.append(svg("text", { class: "nn-quiet", x: map.left - 5, y: y + 4, "text-anchor": "end" }, String(Number((k * step).toFixed(2)))));
    }
    pane.append(veil, training, rest, bar, end, val, dots, home, low);
    map.ink.append(pane, stopped, never);
    set(map.drawing, { role: "img", viewBox: `0 0 ${WIDE} ${map.bottom + 4}` }); // its axis is that of the waits
    ground.replaceChildren(map.drawing);
    set(end, { y1: map.top, y2: map.bottom });
    set(veil, { y: map.top, height: high });
    return { map, x, n };
  }

  function draw() {
    const [runs, run, patience, minDelta, restore] = KEYS.map(at.get);
    if (view.run !== run) Object.assign(view, { run, ...lay(run) });
    const { map, n } = view, { loss, val_loss: losses } = runs[run], told = earlyStopping(losses, patience, minDelta), { stop, best, toBeat } = told;
    const brought = restore ? best : stop, least = lowest(losses), x = (epoch) => map.x(epoch + 1), pixels = (values, from = 0) => coordinates(values.map((y, i) => [x(i + from), map.y(y)]));
    set(training, { points: pixels(loss.slice(0, stop + 1)) });
    set(val, { points: pixels(losses.slice(0, stop + 1)) });
    set(rest, { points: pixels(losses.slice(stop), stop) });
    set(bar, { d: toBeat.map((y, i) => (y === null ? "" : `M${(x(i) - (x(1) - x(0)) / 2).toFixed(1)} ${map.y(y).toFixed(1)}H${(x(i) + (x(1) - x(0)) / 2).toFixed(1)}`)).join("") });
    dots.replaceChildren(...losses.slice(0, stop + 1).flatMap((y, i) => (told.waits[i] ? [] : [svg("circle", { class: "nn-better", cx: x(i).toFixed(1), cy: map.y(y).toFixed(1), r: 3.2 })])));
    set(home, { cx: x(brought), cy: clamp(map.y(losses[brought]), map.top + 6, map.bottom - 6) });
    set(low, { transform: `translate(${x(least)} ${map.y(losses[least])})` });
    set(end, { x1: x(stop), x2: x(stop) });
    set(veil, { x: x(stop), width: map.right - x(stop) });
    const room = stop < n - 8;
    set(stopped, { x: x(stop) + (room ? 5 : -5), y: map.top + 15, "text-anchor": room ? "start" : "end" });
    stopped.textContent = told.stopped ? "stop" : "not stopped";
    set(never, { x: map.right - 4, y: map.bottom - 6, "text-anchor": "end" });
    never.textContent = stop < n - 11 ? "never seen" : "";
    drawWaits(told, patience);
    [[brought, losses[brought]], [stop, losses[stop]], [least, losses[least]]].forEach(([epoch, value], i) => {
      rows[i].cells[0].textContent = String(epoch + 1);
      rows[i].cells[1].textContent = digits(value);
    });
    tell(told, brought, least, losses, restore);
    set(map.drawing, { "aria-label": `Loss per epoch: lowest to be had at epoch ${least + 1}, last epoch trained ${stop + 1}` });
  }

  /** A bar an epoch: how many have gone by without an improvement. At the line training stops. */
  function drawWaits({ waits, stopped: ended }, patience) {
    const top = Math.max(5, patience + 1), limit = patience;
    const chart = plane({ x: view.x, y: [0, top], width: WIDE, height: 118, margin: 34, label: "Epochs waited", xLabel: "epoch (bars: waited in vain; dashes: patience)", ticks: { x: [1, 10, 20, 30, 40, 60, 80, 100].filter((one) => one <= view.n), y: [0, top] } });
    const half = 0.36 * (chart.x(2) - chart.x(1));
    chart.ink.append(...waits.map((wait, i) => svg("rect", { class: ended && i === waits.length - 1 ? "nn-full" : "nn-wait", x: chart.x(i + 1) - half, y: chart.y(wait), width: 2 * half, height: chart.bottom - chart.y(wait) })),
      svg("line", { class: "nn-limit", x1: chart.left, x2: chart.right, y1: chart.y(limit), y2: chart.y(limit) }));
    set(chart.drawing, { role: "img", "aria-label": `Epochs waited: ${waits.at(-1)} in the end, patience ${patience}` });
    below.replaceChildren(chart.drawing);
  }

  function tell({ stopped: ended, stop, best, waits }, brought, least, losses, restore) {
    const count = losses.length, wait = waits.at(-1), epochs = (k) => `${k} epoch${k === 1 ? "" : "s"}`;
    says.textContent = (ended ? `Stops after epoch ${stop + 1}: ${epochs(wait)} without an improvement. ` : `Does not stop in ${count} epochs. `) +
      `It brings home epoch ${brought + 1}${restore ? "" : ", the last one"}, with a validation loss of ${digits(losses[brought])}. ` +
      (losses[brought] === losses[least] ? "No epoch has a lower one." : `The lowest of all, ${digits(losses[least])}, is at epoch ${least + 1}, ` +
        (least > stop ? "and was never reached." : least === best ? "and was given away." : "and was not improvement enough.")) +
      (ended && stop < count - 1 ? ` ${epochs(count - 1 - stop)} saved.` : "");
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
