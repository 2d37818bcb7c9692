import assert from "node:assert/strict";
import test from "node:test";
import { begin, examples, fromLink, judge, toLink, trainEpoch } from "../../nncourse/widgets/playing.js";
import { close, golden } from "./compare.mjs";

const { examples: shown, cases } = golden("playground");

for (const [data, rows] of Object.entries(shown)) {
  test(`the points of ${data}`, () => close(examples({ data, n: rows.length, noise: 0.1, seed: 3 }), rows));
}

for (const { settings, start, path, held, judged } of cases) {
  test(`${settings.data}, layers ${settings.layers}, ${settings.activation}, ${settings.optimizer}`, () => {
    const run = begin(settings);
    close([...run.theta], start, "start");
    close([...run.held.x], held.x_held, "held back");
    close([...run.held.y], held.y_held, "targets held back");
    for (const [epoch, parameters] of path.entries()) {
      trainEpoch(run);
      close([...run.theta], parameters, `epoch ${epoch + 1}`);
    }
    close(judge(run, run.held), judged, "judged");
  });
}

test("a link tells what differs from the beginning, and gives it back", () => {
  const [{ settings: beginning }, ...others] = cases;
  assert.equal(toLink(beginning, beginning), "play:");
  for (const { settings } of others) assert.deepEqual(fromLink(toLink(settings, beginning), beginning), settings);
  assert.equal(fromLink("overview", beginning), null);
  assert.deepEqual(fromLink("play:unknown=1&layers=", beginning), { ...beginning, layers: [] });
});

test("an end that makes no sense changes nothing, and one that asks for too much gets as much as there is", () => {
  const [{ settings: beginning }] = cases;
  for (const end of ["data=nothing", "layers=9", "layers=1,1,1,1,1", "layers=a", "features=", "features=x9", "n=", "n=many", "optimizer=toString"]) {
    assert.deepEqual(fromLink(`play:${end}`, beginning), beginning, end);
  }
  assert.equal(fromLink("play:n=1e9&noise=-1", beginning).n, 600);
  assert.equal(fromLink("play:n=1e9&noise=-1", beginning).noise, 0);
});
