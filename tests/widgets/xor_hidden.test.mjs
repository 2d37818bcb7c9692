import assert from "node:assert/strict";
import test from "node:test";
import { PRESETS, X, Y, answer, forward, gradients, logisticLoss, randomStart, separable, sigmoid, train } from "../../nncourse/widgets/xor_hidden.js";
import { close, golden } from "./compare.mjs";

const { presets, starts, rates, epochs, cases } = golden("xor_hidden");

test("presets and random starts are Python's", () => {
  close(PRESETS, presets);
  for (const [seed, start] of Object.entries(starts)) close(randomStart(Number(seed)), start, `seed ${seed}`);
});

for (const [i, { network, h, z, gradients: slopes, trained }] of cases.entries()) {
  test(`network ${i}, ${network.activation}`, () => {
    close(X.map((x) => forward(network, x).h), h, "h");
    close(X.map((x) => forward(network, x).z), z, "z");
    close(X.map((x) => answer(network)(...x)), z.map(sigmoid), "p");
    close(gradients(network), slopes, "gradients");
    trained?.forEach((end, k) => close(train(network, rates[k], epochs), end, `rate ${rates[k]}`));
    if (network.activation === "linear") assert.equal(separable(h), false);
  });
}

test("loss and sigmoid are finite far out", () => {
  close(logisticLoss(-800, 1), 800);
  close(logisticLoss(800, 1), 0);
  close([sigmoid(-800), sigmoid(0), sigmoid(800)], [0, 0.5, 1]);
});

test("training changes no network that it was given", () => {
  const before = structuredClone(PRESETS["one neuron"]);
  train(PRESETS["one neuron"], 1, 3);
  assert.deepEqual(PRESETS["one neuron"], before);
});

test("separable: one line between the two points of each class, or none", () => {
  const cases = [
    [X, false, "XOR itself"],
    [[[0, 1], [1, 1], [1, 1], [1, 0]], true, "OR and NAND: two points meet"],
    [[[0, 0], [1, 1], [1, 1], [0, 0]], true, "both classes are single points"],
    [[[0, 0], [1, 1], [2, 2], [3, 3]], false, "one class between the other on a line"],
    [[[0, 0], [2, 2], [3, 3], [1, 1]], true, "one class after the other on a line"],
    [[[0, 0], [0, 0], [1, 1], [1, 1]], false, "points of both classes meet"],
    [[[0, 0], [0, 0], [0, 0], [0, 0]], false, "all points meet"],
    [[[0, 0], [1, 2], [1, 3], [4, 0]], true, "segments apart"],
    [[[0, 0], [2, 0], [1, 3], [4, 0]], false, "a point of one class inside the other's segment"],
  ];
  for (const [points, expected, why] of cases) assert.equal(separable(points), expected, why);
  for (const [points, expected, why] of cases) { // neither scale nor place matters
    assert.equal(separable(points.map(([a, b]) => [1e4 * (a - b), 1e4 * (a + 2 * b)])), expected, why);
  }
  assert.deepEqual(Y, [0, 1, 1, 0]);
});
