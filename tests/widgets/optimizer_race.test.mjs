import assert from "node:assert/strict";
import test from "node:test";
import { contours } from "../../nncourse/widgets/contours.js";
import { arrival, bestRate, goal, RATES, SURFACES, walk } from "../../nncourse/widgets/optimizer_race.js";
import { close, golden } from "./compare.mjs";

const { places, rates, surfaces, walks, best, lost } = golden("optimizer_race");

test("the rates of the sliders are those of the package", () => close(RATES, rates));

for (const [name, { start, domain, heights }] of Object.entries(surfaces)) {
  test(`${name}: heights, slopes, start and domain`, () => {
    close(places.map(([x, y]) => SURFACES[name].f(x, y)), heights);
    close(SURFACES[name].start, start);
    close(SURFACES[name].domain, domain);
  });

  test(`${name}: a contour line runs at its height`, () => {
    const { f } = SURFACES[name], drawn = contours(SURFACES[name], 100).filter(({ pieces }) => pieces.length);
    assert.ok(drawn.length > 7);
    const coarse = name === "Rosenbrock" ? 1.5 : 5e-3; // the lines are straight inside a cell, the surface is not
    for (const { level, pieces } of drawn) {
      for (const piece of pieces) {
        assert.equal(piece.length, 2);
        for (const [x, y] of piece) {
          const [height, dx, dy] = f(x, y);
          assert.ok(Math.abs(height - level) <= 0.02 * Math.hypot(dx, dy) + coarse, `${level} at ${x}, ${y}: ${height}`);
        }
      }
    }
  });
}

for (const { surface, start, rule, rate, ...expected } of walks) {
  test(`${rule} on ${surface} from ${start}`, () => {
    const { path, losses } = walk(surface, start, rule, rate);
    close(path.length, 101);
    close([1, 2, 5, 20, 60, 100].map((i) => path[i]), expected.path, "path");
    close([0, 1, 50, 100].map((i) => losses[i]), expected.losses, "losses");
    close(goal(surface, start), expected.goal, "goal");
    close(arrival(losses, expected.goal), expected.arrival, "arrival");
  });
}

for (const { surface, start, rule, rate } of best) {
  test(`the best rate of ${rule} on ${surface}`, () => close(bestRate(surface, start, rule), rate));
}

test("a walk that is lost has an infinite loss and never arrives", () => {
  const { losses } = walk("Rosenbrock", [-1.2, 1], "sgd", 0.1);
  assert.equal(losses.at(-1) === Infinity, lost);
  assert.equal(arrival([1, 0, Infinity], 0.5), null);
  assert.equal(arrival([1, 0, 2, 0.5, 0], 0.5), 3);
  assert.equal(arrival([0, 0], 0), 0);
});
