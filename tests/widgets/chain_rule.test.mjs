import test from "node:test";
import { EXPRESSIONS, backward, evaluate, nudge, paths } from "../../nncourse/widgets/chain_rule.js";
import { close, golden } from "./compare.mjs";

const product = (path) => path.reduce((all, [, , slope]) => all * slope, 1);

golden("chain_rule").cases.forEach(({ expression, start, ...expected }, i) => {
  test(`${expression}, case ${i}`, () => {
    const graph = EXPRESSIONS[expression], here = evaluate(graph, start), steps = Object.keys(graph.nodes).length;
    close(here.values, expected.values, "values");
    close(Object.fromEntries(Object.entries(here.edges)), expected.links, "links");
    const { slopes } = backward(here, steps);
    for (const [name, slope] of Object.entries(expected.slopes)) close(slopes[name], slope, name);
    Object.keys(graph.begin).forEach((leaf, look) => {
      const products = paths(here, leaf).map(product);
      close(products, expected.paths[look], `paths of ${leaf}`);
      close(products.reduce((a, b) => a + b, 0), expected.slopes[leaf], `sum for ${leaf}`);
      const { above, below, slope } = nudge(graph, start, look, 0.01);
      close([above, below, slope], expected.measured[look], `nudge of ${leaf}`);
    });
  });
});

test("a value has collected all its slopes before it passes any on", () => {
  for (const graph of Object.values(EXPRESSIONS)) {
    const here = evaluate(graph, Object.values(graph.begin)), steps = Object.keys(graph.nodes).length, whole = backward(here, steps).slopes;
    for (let step = 0; step <= steps; step++) {
      const { slopes, passed } = backward(here, step);
      for (const name of passed) close(slopes[name], whole[name], name);
    }
  }
});
