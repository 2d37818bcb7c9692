import { coordinates, html, plane, set, slider, stage, status, svg } from "./kit.js";

/** How likely each number of right answers is, for one model on n rows: the binomial distribution, from its odds. */
export function binomial(n, truth) {
  const logs = [0], odds = Math.log(truth / (1 - truth));
  for (let k = 0; k < n; k++) logs.push(logs[k] + Math.log(n - k) - Math.log(k + 1) + odds);
  const top = logs.reduce((a, b) => Math.max(a, b)), p = logs.map((one) => Math.exp(one - top)), total = p.reduce((a, b) => a + b, 0);
  return p.map((one) => one / total);
}

/** The same for the best of many models that have nothing to do with each other: nobody has more. */
export function bestOf(looks, p) {
  const best = [];
  p.reduce((sum, one, k) => {
    const next = Math.min(sum + one, 1);
    best.push(next ** looks - sum ** looks);
    return next;
  }, 0);
  return best;
}

/** The mean share of right answers. */
export const mean = (p) => p.reduce((sum, one, k) => sum + one * k, 0) / (p.length - 1);

/** The share below which a part of all tries lies. */
export function quantile(p, part) {
  let sum = 0;
  const k = p.findIndex((one) => (sum += one) >= part - 1e-9);
  return k / (p.length - 1);
}

/** How likely a share above the truth is. */
export const tooHigh = (p, truth) => p.reduce((sum, one, k) => (k / (p.length - 1) > truth + 1e-9 ? sum + one : sum), 0);

const LOOKS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100, 200, 500, 1000], ROWS = [57, 114, 228, 456, 912], KEYS = ["looks", "rows", "truth"];

/** Where a drawing begins and ends: wide enough for every number of rows, and the same for all of them. */
export function range(truth) {
  const spread = Math.sqrt((truth * (1 - truth)) / ROWS[0]);
  return [truth - 3.6 * spread, Math.min(1.012, truth + 4.4 * spread)];
}

function render({ model, el }) {
  const at = stage({ model, el }, "peeking", "Peeking at the test set");

  /** A slider that goes through a list of numbers. */
  function listed(key, label, values) {
    const input = html("input", { type: "range", name: key, min: 0, max: values.length - 1, step: 1 }), value = html("output", { class: "nn-value" });
    const sync = () => {
      input.value = values.findIndex((one) => one >= at.get(key));
      value.textContent = String(at.get(key));
      set(input, { "aria-valuetext": String(at.get(key)) });
    };
    at.listen(input, "input", () => at.put({ [key]: values[Number(input.value)] }));
    at.watch([key], sync);
    sync();
    return html("label", { class: "nn-slider" }, html("span", {}, label), input, value);
  }

  const ground = html("div", { class: "nn-both" }), says = status();
  at.root.append(
    html("div", { class: "nn-controls" },
      listed("looks", "models looked at", LOOKS),
      listed("rows", "rows", ROWS),
      slider(at, "truth", "each is right on", { min: 0.5, max: 0.98, step: 0.02, page: 0.1 })),
    ground, says,
    html("p", { class: "nn-hint" }, "The heights say how often a share comes out, \u25b2 is the mean. Arrow keys move a slider."));

  /** One distribution as bars, with the truth as a dashed line and the mean as a triangle. */
  function bars(p, truth, kind, caption, label) {
    const x = range(truth), n = p.length - 1, top = p.reduce((a, b) => Math.max(a, b));
    const apart = [0.02, 0.05, 0.1].find((one) => (x[1] - x[0]) / one <= 7), first = Math.ceil(x[0] / apart - 1e-9);
    const ticks = Array.from({ length: Math.floor(x[1] / apart + 1e-9) - first + 1 }, (_, k) => (first + k) * apart);
    const map = plane({ x, y: [0, 1.35], width: 340, height: 150, margin: 22, label, ticks: { x: ticks, y: [] } });
    const step = map.x(1 / n) - map.x(0), wide = step > 3 ? step - 1 : step, middle = map.x(mean(p));
    const shown = p.flatMap((one, k) => (one / top > 1e-3 && k / n >= x[0] && k / n <= x[1] ? [[map.x(k / n), map.y(one / top)]] : []));
    const d = shown.map(([a, b]) => `M${(a - wide / 2).toFixed(2)},${map.bottom}V${b.toFixed(2)}h${wide.toFixed(2)}V${map.bottom}`).join("");
    map.ink.append(
      svg("path", { class: kind, d }),
      svg("line", { class: "nn-truth", x1: map.x(truth), x2: map.x(truth), y1: map.top, y2: map.bottom }),
      svg("text", { class: "nn-says nn-name", x: map.x(truth) - 5, y: map.top + 15, "text-anchor": "end" }, "true"),
      svg("polygon", { class: "nn-mean", points: coordinates([[middle, map.bottom - 1], [middle - 5, map.bottom + 6], [middle + 5, map.bottom + 6]]) }),
      svg("text", { class: "nn-says", x: truth < 0.9 ? map.right - 5 : map.left + 6, y: map.top + 15, "text-anchor": truth < 0.9 ? "end" : "start" }, caption));
    set(map.drawing, { role: "img" });
    return map.drawing;
  }

  function draw() {
    const [looks, rows, truth] = KEYS.map((key) => at.get(key)), one = binomial(rows, truth), best = bestOf(looks, one);
    const share = (value) => value.toFixed(3), claim = share(mean(best)), [low, high] = [0.05, 0.95].map((part) => share(quantile(best, part)));
    ground.replaceChildren(
      bars(best, truth, "nn-claimed", `claimed: ${claim}`, `What the best of ${looks} claims: ${claim} on average`),
      bars(one, truth, "nn-others", `on other rows: ${share(mean(one))}`, `What it is right on among other rows: ${share(mean(one))} on average`));
    says.textContent = `${looks === 1 ? "One model" : `Best of ${looks} models`}, ${rows} rows: claimed ${claim} on average, nine of ten times ${low} to ${high}. True ${share(truth)}. The claim is too high in ${(100 * tooHigh(best, truth)).toFixed(0)} of 100 tries.`;
  }

  at.watch(KEYS, draw);
  draw();
  return at.close;
}

export default { render };
