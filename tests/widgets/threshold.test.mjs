import assert from "node:assert/strict";
import test from "node:test";
import { accuracy, confusion, cost, f1, formulaCut, levels, lowest, precision, rates, recall, rocCurve, staircase } from "../../nncourse/widgets/threshold.js";
import { close, golden } from "./compare.mjs";

const { prices, cuts, cases } = golden("threshold");

test("the formula's cut follows from the prices", () => close(prices.map(([miss, alarm]) => formulaCut(miss, alarm)), cuts));

for (const [i, { y, p, thresholds, roc, staircases }] of cases.entries()) {
  test(`set ${i}: counts, scores and costs at each threshold`, () => {
    for (const { threshold, table, costs, ...scores } of thresholds) {
      const mine = confusion(y, p, threshold);
      close(mine, table, `table at ${threshold}`);
      for (const [name, score] of Object.entries({ accuracy, precision, recall, f1, rates })) close(score(mine), scores[name], `${name} at ${threshold}`);
      close(prices.map(([miss, alarm]) => cost(mine, miss, alarm)), costs, `costs at ${threshold}`);
    }
  });

  test(`set ${i}: the ROC curve and the staircases`, () => {
    close(rocCurve(y, p), roc);
    prices.forEach(([miss, alarm], k) => close(staircase(y, p, miss, alarm), staircases[k], `prices ${miss} and ${alarm}`));
  });

  test(`set ${i}: the lowest stair is a cheapest cut`, () => {
    for (const [miss, alarm] of prices) {
      const steps = staircase(y, p, miss, alarm), [cut, least] = steps[lowest(steps)];
      close(cost(confusion(y, p, cut), miss, alarm), least);
      for (const { table } of thresholds) assert.ok(cost(table, miss, alarm) >= least - 1e-12);
    }
  });
}

test("at equal prices the cost is the share of errors, so the lowest stair is the best accuracy", () => {
  for (const { y, p, thresholds } of cases) {
    for (const { threshold, accuracy: right } of thresholds) close(cost(confusion(y, p, threshold), 1, 1), 1 - right);
  }
});

test("marks of one level keep their distance, and each lies as low as it can", () => {
  const places = [5, 0, 2, 1, 9, 2];
  assert.deepEqual(levels(places, 3), [0, 0, 2, 1, 0, 3]);
  for (const [a, first] of places.entries()) {
    for (const [b, second] of places.entries()) {
      if (a !== b && levels(places, 3)[a] === levels(places, 3)[b]) assert.ok(Math.abs(first - second) >= 3);
    }
  }
});
