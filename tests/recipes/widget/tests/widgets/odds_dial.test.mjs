import test from "node:test";
import { ratio, score, sigmoid } from "../../nncourse/widgets/odds_dial.js";
import { close, golden } from "./compare.mjs";

test("the score and the probability lead to each other", () => {
  for (const [z, p] of golden("odds_dial").pairs) {
    close(sigmoid(z), p, "p");
    close(score(p), z, "score");
    close(ratio(p), Math.exp(z), "odds");
  }
});
