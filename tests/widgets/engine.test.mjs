import test from "node:test";
import { ACTIVATIONS, draw, gradient, layout, optimizer, room } from "../../nncourse/widgets/engine.js";
import { close, golden } from "./compare.mjs";

const { batch, z, curves, draws, data, cases } = golden("engine");
const RATES = { sgd: 0.1, momentum: 0.05, nesterov: 0.05, adagrad: 0.1, rmsprop: 0.01, adam: 0.01, adamw: 0.01 };

for (const [name, { f, slope }] of Object.entries(curves)) {
  test(`${name} and its slope`, () => {
    close(z.map(ACTIVATIONS[name].f), f, "output");
    close(z.map((one) => ACTIVATIONS[name].slope(one, ACTIVATIONS[name].f(one))), slope, "slope");
  });
}

test("the draws are those of Python", () => close(draws.map((_, i) => draw(5, i + 1)), draws));

for (const one of cases) {
  const told = ["activation", "loss", "optimizer", "sizes", "biases", "l1", "l2", "dropout"].map((key) => `${key} ${one[key]}`);
  test(told.join(", "), () => {
    const net = layout(one.sizes, one.biases), theta = Float64Array.from(one.start), out = new Float64Array(net.count), at = room(net, batch);
    const rule = optimizer(one.optimizer, RATES[one.optimizer], net.count, one.optimizer === "adamw" ? { weight_decay: 0.1 } : {});
    const x = Float64Array.from(data[one.loss].x), y = Float64Array.from(data[one.loss].y), d = one.sizes[0];
    let drawn = 0;
    const keep = one.dropout ? { rate: one.dropout, next: () => draw(5, ++drawn) } : null;
    const losses = one.losses.map((_, step) => {
      const rows = x.subarray(step * batch * d, (step + 1) * batch * d);
      const value = gradient(net, theta, one, rows, y.subarray(step * batch, (step + 1) * batch), batch, at, out, keep);
      rule.step(theta, out);
      return value;
    });
    close(losses, one.losses, "losses");
    close([...theta], one.end, "parameters");
  });
}
