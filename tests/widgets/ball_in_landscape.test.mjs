import assert from "node:assert/strict";
import test from "node:test";
import { basins, CELLS, curvatures, fate, kind, LANDSCAPES, RATES, slope, walk } from "../../nncourse/widgets/ball_in_landscape.js";
import { close, golden } from "./compare.mjs";

const { places, picked, rates, faces, walks, shares } = golden("ball_in_landscape");

test("the rates are those of the package", () => close(RATES, rates));

for (const [name, { heights, slopes, curvatures: bends, kinds, ...shown }] of Object.entries(faces)) {
  test(`${name}: heights, slopes and bends`, () => {
    const { f, ...face } = LANDSCAPES[name];
    close(Object.fromEntries(Object.keys(shown).map((key) => [key, face[key]])), shown);
    close(places.map(([x, y]) => f(x, y)), heights, "heights");
    close(places.map((place) => slope(name, place)), slopes, "slopes");
    close(places.map((place) => curvatures(name, place)), bends, "curvatures");
    close(places.map((place) => kind(name, place)), kinds, "kinds");
  });
}

for (const { settings, ...expected } of walks) {
  test(`a walk: ${Object.values(settings).join(", ")}`, () => {
    const path = walk(settings);
    close(path.length, expected.length);
    close(picked.map((step) => path.at(Math.min(step, path.length - 1))), expected.path, "path");
    close(fate(settings.landscape, path.at(-1)), expected.fate, "fate");
  });
}

for (const { landscape, rate, momentum, share } of shares) {
  test(`the starts on the ${landscape}, rate ${rate}, momentum ${momentum}`, () => {
    const found = basins(landscape, rate, momentum);
    close(found.share, share);
    assert.equal(found.fates.length, CELLS * CELLS);
  });
}

test("the map tells what walks tell, row by row from below", () => {
  const { fates } = basins("double well", 0.1, 0.9);
  for (const [column, row] of [[0, 0], [39, 0], [3, 17], [25, 31]]) {
    const start = [column, row].map((one) => -2 + (4 * (one + 0.5)) / CELLS);
    const path = walk({ landscape: "double well", start, rate: 0.1, momentum: 0.9, noise: 0, seed: 0 });
    close(fates[row * CELLS + column], fate("double well", path.at(-1)));
  }
});
