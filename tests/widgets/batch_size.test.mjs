import assert from "node:assert/strict";
import test from "node:test";
import { allowed, arrival, bowl, BUDGETS, excess, late, noise, ring, SIZES, spent, walk } from "../../nncourse/widgets/batch_size.js";
import { close, golden } from "./compare.mjs";

const { x, y, walks, ...expected } = golden("batch_size"), ground = bowl(x, y);

test("the bowl: its bottom, its heights, and the noise of batches", () => {
  close(ground.bottom, expected.bottom);
  close(expected.places.map(([a, b]) => [a, b, excess(ground, [a, b])]), expected.places);
  close(SIZES.map((size) => noise(x, y, size)), expected.noise);
});

test("the clocks: what updates cost, and how many each allows", () => {
  close([SIZES, BUDGETS], [expected.sizes, expected.budgets]);
  close(SIZES.map((size) => spent(x.length, size, 7)), expected.spent);
  close(SIZES.map((size) => Object.keys(BUDGETS).map((clock) => allowed(x.length, size, clock))), expected.allowed);
});

for (const { size, rate, seed, ...told } of walks) {
  test(`batches of ${size}, rate ${rate}, seed ${seed}`, () => {
    const { path, heights } = walk(x, y, size, rate, seed), picked = [0, 1, 2, 7, Math.min(20, told.length - 1), told.length - 1];
    close(path.length, told.length);
    close(picked.map((step) => path[step]), told.path, "path");
    close(picked.map((step) => heights[step]), told.heights, "heights");
    close(arrival(heights), told.arrival, "arrival");
    for (const clock of Object.keys(BUDGETS)) close(Math.min(late(heights, allowed(x.length, size, clock)), 1e300), told.late[clock], clock);
  });
}

test("a ring lies at its height, and ends where it began", () => {
  for (const height of [0.1, 5]) {
    const corners = ring(ground, height);
    close(corners.map((corner) => excess(ground, corner)), corners.map(() => height));
    close(corners.at(-1), corners[0]);
  }
});

test("the same seed draws the same, another one otherwise", () => {
  assert.deepEqual(walk(x, y, 4, 0.1, 3), walk(x, y, 4, 0.1, 3));
  assert.notDeepEqual(walk(x, y, 4, 0.1, 3), walk(x, y, 4, 0.1, 4));
});
