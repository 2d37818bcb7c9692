import assert from "node:assert/strict";
import test from "node:test";
import { asTyped, chosen, shares, short } from "../../nncourse/widgets/softmax_temperature.js";
import { close, golden } from "./compare.mjs";

const finite = (row) => row.map((value) => (Number.isFinite(value) ? value : null));

for (const { scores, temperature, shares: p, powers, typed, chosen: counts } of golden("softmax_temperature").cases) {
  test(`scores ${scores} at T = ${temperature}`, () => {
    const mine = shares(scores, temperature), naive = asTyped(scores, temperature);
    close(mine, p, "shares");
    close(finite(naive.powers), powers, "exponentials");
    close(finite(naive.shares), typed, "shares as typed");
    [0, 1, 7].forEach((seed, i) => close(chosen(mine, seed), counts[i], `choices with seed ${seed}`));
  });
}

test("a hundred evenings are a hundred, and the cold always chooses the first", () => {
  for (let seed = 0; seed < 50; seed++) {
    assert.equal(chosen([0.2, 0.5, 0.3], seed).reduce((a, b) => a + b), 100);
    assert.deepEqual(chosen([1, 0, 0], seed), [100, 0, 0]);
  }
});

test("numbers for a narrow column", () => {
  assert.deepEqual([7.389056, 0, 0.00005, 123456, Infinity, NaN].map(short), ["7.39", "0", "5.0\u00b710\u207b\u2075", "1.2\u00b710\u2075", "too large", "not a number"]);
});
