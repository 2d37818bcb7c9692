import assert from "node:assert/strict";
import test from "node:test";
import { blown, distances, floor, nearest, PERIODS, RATES, ratesOf, SHAPES, STEPS } from "../../nncourse/widgets/rate_schedule.js";
import { close, golden } from "./compare.mjs";

const { rates, periods, steps, shapes, picked, cases } = golden("rate_schedule");

test("the sliders offer what the package knows", () => close([RATES, PERIODS, STEPS, Object.keys(SHAPES)], [rates, periods, steps, shapes]));

for (const { settings, noise, ...expected } of cases) {
  test(`${Object.values(settings).join(", ")}, ${noise ? "with" : "without"} noise`, () => {
    const each = ratesOf(settings), far = distances(each, noise), some = (list) => picked.map((i) => Math.min(list.at(i), 1e300));
    close(each.length, settings.steps);
    close(some(each), expected.rates, "rates");
    close(each.reduce((sum, one) => sum + one, 0), expected.sum, "sum");
    close(some(far), expected.distances, "distances");
    close(some(each.map((rate) => floor(rate, noise))), expected.floors, "floors");
    close(nearest(far), expected.nearest, "nearest");
    close(blown(far), expected.blown, "blown");
  });
}

test("at a constant rate the walkers come to rest where the floor says", () => {
  for (const rate of [0.1, 0.5, 1, 1.6]) {
    close(distances(Array(2000).fill(rate), true).at(-1), floor(rate, true));
    assert.ok(distances(Array(2000).fill(rate), false).at(-1) < 1e-12);
  }
  assert.equal(floor(2, true), Infinity);
});
