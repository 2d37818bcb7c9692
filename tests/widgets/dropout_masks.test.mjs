import assert from "node:assert/strict";
import test from "node:test";
import { factor, handedOn, runningMeans, sums } from "../../nncourse/widgets/dropout_masks.js";
import { close, golden } from "./compare.mjs";

const { cases, last } = golden("dropout_masks");

test("what is handed on, its sums and their mean so far", () => {
  for (const { rate, scaled, seed, step, handed_on, sums: totals, mean } of cases) {
    const where = `rate ${rate}, scaled ${scaled}, seed ${seed}, step ${step}`;
    const steps = Array.from({ length: step }, (_, k) => handedOn(seed, k + 1, rate, scaled));
    close(steps.at(-1), handed_on, where);
    close(sums(steps.at(-1)), totals, where);
    const means = runningMeans(steps.map(sums));
    assert.equal(means.length, step);
    close(means.at(-1), mean, where);
  }
  close(handedOn(1, 100, 0.5, true), last);
});

test("the factor undoes what the silence takes away on average", () => {
  for (const rate of [0, 0.3, 0.8]) close((1 - rate) * factor(rate, true), 1);
  assert.equal(factor(0.3, false), 1);
});
