import test from "node:test";
import { STARTS, factors, normals, sizes, verdict } from "../../nncourse/widgets/signal_depth.js";
import { close, golden } from "./compare.mjs";

const { starts, normals: chance, cases } = golden("signal_depth");

test("weights and chance are those of Python", () => {
  for (const [name, s] of Object.entries(starts)) close(STARTS[name], s, name);
  close([...normals(3, 64, 4)], chance);
});

for (const { depth, activation, start, seed, ...expected } of cases) {
  test(`${depth} layers of ${activation}, ${start}`, () => {
    const told = sizes(normals(seed, 0, 1024 * (depth + 2)), depth, activation, start);
    close(told.signal.map(Math.log10), expected.signal, "signal");
    close(told.back.map(Math.log10), expected.back, "gradient");
    close(factors(told), expected.factors, "factors");
  });
}

test("a factor has its word", () => close([0.25, 1.07, 4].map(verdict), ["vanishes", "stays about level", "explodes"]));
