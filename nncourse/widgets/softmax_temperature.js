import { button, clamp, html, number, set, slider, stage, status, svg } from "./kit.js";
import { draw } from "./engine.js";

const EVENINGS = 100, WIDE = 340, ROW = 52, LEFT = 64, RIGHT = 300;

/** The shares of the scores at a temperature; the largest score is subtracted first, so nothing overflows. */
export function shares(scores, temperature) {
  const scaled = scores.map((score) => score / temperature), largest = Math.max(...scaled);
  const powers = scaled.map((score) => Math.exp(score - largest)), all = powers.reduce((sum, one) => sum + one, 0);
  return powers.map((one) => one / all);
}

/** The exponentials as the formula has them, and what they are divided by their sum. */
export function asTyped(scores, temperature) {
  const powers = scores.map((score) => Math.exp(score / temperature)), all = powers.reduce((sum, one) => sum + one, 0);
  return { powers, shares: powers.map((one) => one / all) };
}

/** How often each is chosen in a hundred choices, with the numbers of a seed. */
export function chosen(p, seed) {
  const counts = p.map(() => 0);
  for (let i = 1; i <= EVENINGS; i++) {
    const u = draw(1000 * seed + 1, i);
    let k = 0;
    for (let end = p[0]; end <= u && k < p.length - 1; end += p[k]) k++;
    counts[k]++;
  }
  return counts;
}

/** Temperatures on a slider go by tenths of a power of ten, with two digits. */
const fromPower = (power) => Number((10 ** power).toPrecision(2));

/** An exponential in a narrow column. */
export function short(value) {
  if (!Number.isFinite(value)) return value > 0 ? "too large" : "not a number";
  if (value === 0) return "0";
  if (value >= 0.001 && value < 1000) return value.toPrecision(3);
  const [digits, power] = value.toExponential(1).split("e");
  return `${digits}\u00b710${[...String(Number(power))].map((one) => (one === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[one])).join("")}`;
}

function render({ model, el }) {
  const at = stage({ model, el }, "softmax", "Scores become shares");
  const names = at.get("names"), count = names.length, across = (share) => LEFT + share * (RIGHT - LEFT);

  // Sliders: one for each score, the temperature by powers of ten, and the bonus.
  const knobs = names.map((name, k) => {
    const input = html("input", { type: "range", name: `score${k}`, min: -5, max: 5, step: 0.1 }), value = html("output", { class: "nn-value" });
    const move = (score) => at.put({ scores: at.get("scores").map((old, i) => (i === k ? Math.round(score * 10) / 10 : old)) });
    at.listen(input, "input", () => move(Number(input.value)));
    at.listen(input, "keydown", (event) => {
      const by = { PageUp: 1, PageDown: -1 }[event.key];
      if (by) event.preventDefault(), move(clamp(Number(input.value) + by, -5, 5));
    });
    return { input, value, label: html("label", { class: "nn-slider" }, html("span", {}, `${name}'s score`), input, value) };
  });
  const heat = html("input", { type: "range", name: "temperature", min: -1.3, max: 1.7, step: 0.1 }), heatValue = html("output", { class: "nn-value" });
  at.listen(heat, "input", () => at.put({ temperature: fromPower(Number(heat.value)) }));
  at.listen(heat, "keydown", (event) => {
    const by = { PageUp: 0.5, PageDown: -0.5 }[event.key];
    if (!by) return;
    event.preventDefault();
    heat.value = Number(heat.value) + by;
    at.put({ temperature: fromPower(Number(heat.value)) });
  });

  // The bars, each with a stroke for every evening below it, and a mark where its share would be at T = 1.
  const drawing = svg("svg", { viewBox: `0 0 ${WIDE} ${ROW * count + 20}`, role: "img" });
  const bars = names.map((name, k) => {
    const y = 6 + ROW * k;
    const parts = { bar: svg("rect", { class: "nn-bar", x: LEFT, y, height: 22 }), plain: svg("line", { class: "nn-plain", y1: y - 3, y2: y + 25 }), told: svg("text", { y: y + 16 }), tally: svg("path", { class: "nn-tally" }), word: svg("text", { class: "nn-quiet", y: y + 37 }) };
    drawing.append(svg("text", { x: LEFT - 6, y: y + 16, "text-anchor": "end" }, name), svg("rect", { class: "nn-room", x: LEFT, y, width: RIGHT - LEFT, height: 22 }), ...Object.values(parts));
    return { ...parts, y };
  });
  const foot = ROW * count + 14;
  drawing.append(...[0, 0.5, 1].map((share) => svg("text", { class: "nn-quiet", x: across(share), y: foot, "text-anchor": "middle" }, number(share))));

  const cells = names.map(() => Array.from({ length: 4 }, () => html("td"))), says = status();
  const heads = ["score", "e^(z/T) as typed", "largest at 0", "share"].map((head) => html("th", { scope: "col" }, head));
  const table = html("table", {}, html("thead", {}, html("tr", {}, html("td"), ...heads)),
    html("tbody", {}, ...names.map((name, k) => html("tr", {}, html("th", { scope: "row" }, name), ...cells[k]))));
  at.root.append(
    html("div", { class: "nn-controls" }, ...knobs.map(({ label }) => label),
      html("label", { class: "nn-slider" }, html("span", {}, "temperature T"), heat, heatValue),
      slider(at, "bonus", "bonus for all", { min: 0, max: 1000, step: 5, page: 100, show: String }),
      button(at, "Another hundred evenings", () => at.put({ seed: (at.get("seed") + 1) % 1000 }))),
    html("div", { class: "nn-columns" }, drawing, table), says,
    html("p", { class: "nn-hint" }, "Bar: the share. Dashed line: the share at T = 1. Strokes: the evenings, of a hundred, on which it is chosen."));

  function show() {
    const scores = at.get("scores"), temperature = at.get("temperature"), bonus = at.get("bonus"), raised = scores.map((score) => score + bonus);
    const p = shares(raised, temperature), plain = shares(raised, 1), typed = asTyped(raised, temperature), counts = chosen(p, at.get("seed"));
    const largest = Math.max(...raised);
    heat.value = Math.log10(temperature);
    heatValue.textContent = String(temperature);
    set(heat, { "aria-valuetext": `T = ${temperature}` });
    knobs.forEach(({ input, value }, k) => {
      input.value = scores[k];
      value.textContent = number(scores[k], 1);
      set(input, { "aria-valuetext": number(scores[k], 1) });
    });
    bars.forEach(({ bar, plain: mark, told, tally, word, y }, k) => {
      set(bar, { width: (across(p[k]) - LEFT).toFixed(2) });
      set(mark, { x1: across(plain[k]).toFixed(2), x2: across(plain[k]).toFixed(2) });
      told.textContent = p[k].toFixed(3);
      set(told, { x: RIGHT + 4 });
      set(tally, { d: Array.from({ length: counts[k] }, (_, i) => `M${across((i + 0.5) / EVENINGS).toFixed(2)},${y + 27}v9`).join("") });
      word.textContent = String(counts[k]);
      set(word, { x: RIGHT + 4 });
      const row = [number(raised[k], 1), short(typed.powers[k]), short(Math.exp((raised[k] - largest) / temperature)), p[k].toFixed(3)];
      cells[k].forEach((cell, i) => { cell.textContent = row[i]; });
    });
    const told = (list) => names.map((name, k) => `${name} ${list[k]}`).join(", "), broken = typed.shares.some(Number.isNaN);
    set(drawing, { "aria-label": `Shares: ${told(p.map((one) => one.toFixed(3)))}` });
    says.textContent = `At T = ${temperature} the shares are ${told(p.map((one) => one.toFixed(3)))}; on a hundred evenings ${told(counts)}. ${broken ? "The formula as typed breaks here." : ""}`;
  }

  at.watch(["scores", "temperature", "bonus", "seed"], show);
  show();
  return at.close;
}

export default { render };
