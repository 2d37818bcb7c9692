import test from "node:test";
import { gatePoints, learnt, start, step } from "../../nncourse/widgets/perceptron_stepper.js";
import { close, golden } from "./compare.mjs";

const { epochs, runs } = golden("perceptron_stepper");

for (const { gate, learning_rate, weights, mistakes } of runs) {
  test(`${gate} at rate ${learning_rate} learns as nncourse.Perceptron does`, () => {
    let now = { ...start(), points: gatePoints(gate), learning_rate, strict: false };
    while (now.mistakes.length < epochs && !learnt(now)) now = { ...now, ...step(now) };
    close(now.mistakes, mistakes, "mistakes");
    close(now.weights, weights, "weights");
  });
}
