import test from "node:test";
import { earlyStopping, lowest } from "../../nncourse/widgets/early_stop.js";
import { close, golden } from "./compare.mjs";

golden("early_stop").cases.forEach(({ losses, told, ...expected }, i) => {
  test(`losses ${i}`, () => {
    close(lowest(losses), expected.lowest, "lowest");
    for (const { patience, min_delta: delta, ...outcome } of told) close(earlyStopping(losses, patience, delta), outcome, `patience ${patience}, min_delta ${delta}`);
  });
});
