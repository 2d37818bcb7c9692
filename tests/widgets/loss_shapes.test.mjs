import assert from "node:assert/strict";
import test from "node:test";
import { EDGE, NINE, costOfMiss, costOfScore, fitAbsolute, lines, missOf, slopeOfMiss, slopeOfScore, steps } from "../../nncourse/widgets/loss_shapes.js";
import { close, golden } from "./compare.mjs";

const { nine, fits, misses, scores } = golden("loss_shapes");
const values = (table, ...args) => Object.values(table).map((f) => f(...args));

test("the nine points are those of Python", () => close(NINE, nine));

for (const { last, delta, squared, Huber, least_absolute } of fits) {
  test(`the lines with the last point at ${last} and delta ${delta}`, () => {
    const mine = lines(last, delta), y = [...NINE, last], [w, b] = fitAbsolute(y);
    close(mine.squared, squared, "squared");
    close(mine.Huber, Huber, "Huber");
    close(mine.absolute, [w, b], "absolute");
    close(y.reduce((sum, target, x) => sum + Math.abs(w * x + b - target), 0) / y.length, least_absolute, "absolute");
  });
}

test("what misses cost, and their slopes", () => {
  for (const { r, delta, costs, slopes } of misses) {
    close(values(costOfMiss, r, delta), costs, `costs of ${r}`);
    close(values(slopeOfMiss, r, delta), slopes, `slopes at ${r}`);
  }
});

test("what scores cost, their slopes, and the steps to the right side", () => {
  for (const { z, y, costs, slopes, steps: counts } of scores) {
    for (const name of Object.keys(costs)) {
      close(costOfScore[name](z, y), costs[name], `cost by ${name} of ${z}`);
      close(slopeOfScore[name](z, y), slopes[name], `slope of ${name} at ${z}`);
      if (name in counts) close(steps(name, z, y), counts[name], `steps by ${name} from ${z}`);
    }
  }
});

test("a squared error from far away never arrives, and one from -10 in thousands of steps", () => {
  assert.equal(steps("squared error", -15, 1), null);
  assert.equal(steps("squared error", 15, 0), null);
  assert.ok(steps("squared error", -10, 1) > 1000 * steps("cross-entropy", -10, 1));
  assert.equal(steps("clipped", -EDGE - 0.01, 1), null);
});

test("a line through the last point misses it by nothing", () => {
  for (let last = 0; last <= 20; last += 0.1) {
    const r = missOf(fitAbsolute([...NINE, last]), last);
    assert.ok(r === 0 || Math.abs(r) > 0.001, `${last}: ${r}`);
  }
});
