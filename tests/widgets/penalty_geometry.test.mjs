import assert from "node:assert/strict";
import test from "node:test";
import { axes, loss, lowest, price, tilt, zeros } from "../../nncourse/widgets/penalty_geometry.js";
import { close, golden } from "./compare.mjs";

const { cases, ellipses } = golden("penalty_geometry");

for (const penalty of ["L1", "L2"]) {
  test(`${penalty}: the lowest place, its loss and its price`, () => {
    for (const { penalty: one, bottom, correlation, strength, ...expected } of cases.filter((each) => each.penalty === penalty)) {
      const w = lowest(one, bottom, correlation, strength), where = `${bottom}, correlation ${correlation}, strength ${strength}`;
      close(w, expected.weights, where);
      close(loss(w, bottom, correlation), expected.loss, `loss of ${where}`);
      close(price(one, w), expected.price, `price of ${where}`);
      close(zeros(w), expected.zeros, `zeros of ${where}`);
    }
  });
}

test("the half-axes are those of the curvature, and their ends have the height", () => {
  for (const { correlation, height, axes: expected } of ellipses) {
    const [along, across] = axes(height, correlation);
    close([along, across], expected);
    close(loss([along * Math.SQRT1_2, along * Math.SQRT1_2], [0, 0], correlation), height);
    close(loss([1 + across * Math.SQRT1_2, 2 - across * Math.SQRT1_2], [1, 2], correlation), height);
  }
});

test("without correlation L1 takes the strength off each weight, and L2 leaves a share", () => {
  close(lowest("L1", [1.2, -0.5], 0, 0.7), [0.5, 0]);
  close(lowest("L2", [1.2, -0.5], 0, 0.5), [0.6, -0.25]);
  assert.deepEqual(zeros([1e-17, -1e-9]), [true, false]);
});

test("under L2 a weight ends at 0 along a line of bottoms, for the other weight as for this one", () => {
  for (const correlation of [-0.9, 0, 0.4]) {
    for (const strength of [0, 0.8, 2]) {
      const slope = tilt(correlation, strength);
      assert.deepEqual(zeros(lowest("L2", [1.5 * slope, 1.5], correlation, strength)), [true, false]);
      assert.deepEqual(zeros(lowest("L2", [-0.7, -0.7 * slope], correlation, strength)), [false, true]);
    }
  }
});
