import test from "node:test";
import { answer, deafZones, steepness, verdict } from "../../nncourse/widgets/activation_explorer.js";
import { close, golden } from "./compare.mjs";

for (const [name, { z, far, ...expected }] of Object.entries(golden("activation_explorer"))) {
  test(`${name}: value, slope, zones and word are those of nncourse`, () => {
    close([...z, ...far].map((score) => answer(name, score)), expected.value, "value");
    close([...z, ...far].map((score) => steepness(name, score)), expected.slope, "slope");
    close(deafZones(name), expected.zones, "zones");
    close(z.map((score) => verdict(name, score)), expected.verdict, "word");
  });
}
