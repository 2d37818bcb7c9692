import assert from "node:assert/strict";
import test from "node:test";
import { answer, basis, best, coefficients, normal, parts, targets, truth } from "../../nncourse/widgets/bias_variance.js";
import { close, golden } from "./compare.mjs";

const { normal: chance, cases } = golden("bias_variance");

test("chance is that of Python", () => close(chance.map((_, k) => normal(7, k)), chance));

for (const { n, noise, sets, seed, ...expected } of cases) {
  test(`${sets} sets of ${n} points, noise ${noise}`, () => {
    const q = basis(n), rows = targets(n, noise, sets, seed), all = coefficients(rows, q);
    close(rows.at(-1), expected.targets, "targets");
    for (const [degree, told] of Object.entries(expected.answers)) close(answer(all.at(-1), Number(degree), q), told, `degree ${degree}`);
    close(parts(rows, all, truth(n), q), expected.parts, "parts");
  });
}

test("the basis stands at right angles, to the last degree that sixteen points allow", () => {
  for (const n of [16, 20, 60]) {
    const q = basis(n);
    q.forEach((a, i) => q.forEach((b, j) => close(a.reduce((sum, value, k) => sum + value * b[k], 0), i === j ? 1 : 0, `${n}: ${i}, ${j}`)));
  }
});

test("of two equal sums the lower degree is best", () => {
  assert.equal(best([{ bias2: 1, variance: 0 }, { bias2: 0.2, variance: 0.1 }, { bias2: 0.1, variance: 0.2 }]), 1);
});
