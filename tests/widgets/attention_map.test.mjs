import test from "node:test";
import { VALUES, mix, products, scores, softmax, weights } from "../../nncourse/widgets/attention_map.js";
import { close, golden } from "./compare.mjs";

const { values, cases } = golden("attention_map");

test("the values are those of Python", () => close(VALUES, values));

for (const { settings, ...expected } of cases) {
  test(Object.values(settings).join(", "), () => {
    const raw = products(settings.vectors, settings.seed);
    close(raw, expected.products, "products");
    close(scores(raw, settings).map((row) => row.map((z) => (z === -Infinity ? null : z))), expected.scores, "scores");
    close(weights(raw, settings), expected.weights, "weights");
    close(weights(raw, settings).map(mix), expected.heard, "heard");
  });
}

test("scores of any size may come", () => close(softmax([1000, 1000, -Infinity]), [0.5, 0.5, 0]));
