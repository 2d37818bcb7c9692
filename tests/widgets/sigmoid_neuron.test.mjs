import test from "node:test";
import { cost, firing, gradient, gradientStep, loss, mistakes, sigmoid, step } from "../../nncourse/widgets/sigmoid_neuron.js";
import { close, golden } from "./compare.mjs";

const { curve, cases } = golden("sigmoid_neuron");

test("sigmoid and step are those of nncourse, far out too", () => {
  close(curve.z.map(sigmoid), curve.sigmoid);
  close(curve.z.map(step), curve.step);
});

test("a confident wrong answer costs its logit, not infinity", () => {
  close(cost(-800, 1), 800);
  close(cost(800, 0), 800);
  close(cost(800, 1), 0);
});

for (const [i, { points, w, b, ...expected }] of cases.entries()) {
  test(`case ${i}, w = ${w}, b = ${b}`, () => {
    close(loss(points, w, b), expected.loss, "loss");
    close(gradient(points, w, b), expected.gradient, "gradient");
    close(firing(w, b), expected.firing, "firing point");
    close(mistakes(points, w, b), expected.mistakes, "mistakes of the step");
    let at = [w, b];
    for (const [n, next] of expected.descent.path.entries()) {
      at = gradientStep(points, ...at, expected.descent.learning_rate);
      close(at, next, `gradient step ${n + 1}`);
    }
  });
}
