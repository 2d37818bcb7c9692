import { coordinates, html, number, plane, set, slider, stage, status, svg } from "./kit.js";

/** For one failure, so many passes. */
export const ratio = (p) => p / (1 - p);

/** The score at which a sigmoid neuron says p, and back. */
export const score = (p) => Math.log(ratio(p));
export const sigmoid = (z) => 1 / (1 + Math.exp(-z));

const Z = [-5, 5];

function render({ model, el }) {
  const at = stage({ model, el }, "odds-dial", "A probability and its score");
  const chart = plane({ x: Z, y: [0, 1], height: 220, label: "The sigmoid", xLabel: "score z", ticks: { x: [-5, 0, 5], y: [0, 0.5, 1] } });
  const curve = Array.from({ length: 81 }, (_, i) => Z[0] + i / 8).map((z) => [chart.x(z), chart.y(sigmoid(z))]);
  const spot = svg("circle", { class: "nn-spot", r: 5 });
  chart.ink.append(svg("polyline", { class: "nn-line", points: coordinates(curve) }), spot);
  const says = status();
  at.root.append(
    html("div", { class: "nn-controls" }, slider(at, "p", "probability p", { min: 0.01, max: 0.99, step: 0.01, page: 0.1 })),
    chart.drawing, says);

  function draw() {
    const p = at.get("p");
    set(spot, { cx: chart.x(score(p)), cy: chart.y(p) });
    says.textContent = `p = ${number(p)}: odds of ${number(ratio(p))} to 1, a score of ${number(score(p))}.`;
  }

  at.watch(["p"], draw);
  draw();
  return at.close;
}

export default { render };
