import test from "node:test";
import { NAMES, backward, entering, forward, loss, nudge, update } from "../../nncourse/widgets/three_two_one.js";
import { close, golden } from "./compare.mjs";

golden("three_two_one").cases.forEach(({ x: standardised, y, raw, p, learning_rate: rate, ...expected }, i) => {
  test(`case ${i}`, () => {
    const x = entering(standardised, raw), { deltas, slopes } = backward(x, y, p);
    close(x, expected.entering, "entering");
    close(forward(x, p), { z: expected.z, h: expected.h }, "forward");
    close(loss(x, y, p), expected.loss, "loss");
    close(deltas, expected.deltas, "deltas");
    close(slopes, expected.slopes, "slopes");
    close(update(p, slopes, rate), expected.moved, "update");
    const nudges = NAMES.map((_, k) => nudge(x, y, p, k, 0.01));
    close(nudges.map(({ above, below }) => [above, below]), expected.nudges, "nudges");
    close(nudges.map(({ slope }) => slope), expected.measured, "measured");
  });
});
