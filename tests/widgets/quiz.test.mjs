import test from "node:test";
import { score } from "../../nncourse/widgets/quiz.js";
import { close, golden } from "./compare.mjs";

const { questions, scores } = golden("quiz");

test("a score counts the right choices, and nothing that is not picked", () => {
  for (const { picked, score: expected } of scores) close(score(questions, picked), expected, `picked ${picked}`);
});
