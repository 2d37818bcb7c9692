import test from "node:test";
import { factor, inside, loss, regime, stepsNeeded, walk } from "../../nncourse/widgets/step_size.js";
import { close, golden } from "./compare.mjs";

for (const { curvature: a, learning_rate: rate, ...expected } of golden("step_size").cases) {
  test(`curvature ${a}, rate ${rate}`, () => {
    const path = walk(a, rate, expected.walk.length - 1);
    close(path, expected.walk, "walk");
    close(path.map((w) => loss(a, w)), expected.losses, "losses");
    close(factor(a, rate), expected.factor, "factor");
    close(regime(factor(a, rate)), expected.regime, "regime");
    close(stepsNeeded(a, rate), expected.needed, "steps needed");
  });
}

test("a rounded factor is still the edge it stands for", () => {
  close([1e-16, -1e-16, -1 - 1e-15, 0.01, -0.99, -1.01].map(regime), ["one step", "one step", "for ever", "slides", "hops", "climbs out"]);
});

test("a path ends on the border where it first leaves", () => {
  close(inside([[0, 0], [1, 1]], [0, 2], [0, 2]), [[0, 0], [1, 1]]);
  close(inside([[0, 0], [4, 8], [1, 1]], [0, 2], [0, 2]), [[0, 0], [1, 2]]);
  close(inside([[1, 1], [-3, 0.5]], [0, 2], [0, 2]), [[1, 1], [0, 0.875]]);
  close(inside([[1, 1], [2, -1]], [0, 2], [0, 2]), [[1, 1], [1.5, 0]]);
  close(inside([[3, 1], [1, 1]], [0, 2], [0, 2]), []);
});
