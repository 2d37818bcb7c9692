import assert from "node:assert/strict";
import test from "node:test";
import { bestOf, binomial, mean, quantile, range, tooHigh } from "../../nncourse/widgets/peeking_at_the_test.js";
import { close, golden } from "./compare.mjs";

for (const { looks, rows, truth, ...expected } of golden("peeking_at_the_test").cases) {
  test(`best of ${looks} on ${rows} rows, truth ${truth}`, () => {
    const one = binomial(rows, truth), best = bestOf(looks, one), some = (p) => p.filter((_, k) => k % 8 === 0);
    assert.equal(one.length, rows + 1);
    close(some(one), expected.others, "others");
    close(some(best), expected.claims, "claims");
    close(mean(one), truth, "mean on other rows");
    close(mean(best), expected.claimed, "claimed");
    close([0.05, 0.95].map((part) => quantile(best, part)), expected.middle, "middle");
    close(tooHigh(best, truth), expected.too_high, "too high");
    assert.ok(range(truth)[0] < expected.middle[0] && expected.middle[1] <= range(truth)[1]);
  });
}
