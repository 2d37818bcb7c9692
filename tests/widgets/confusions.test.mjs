import assert from "node:assert/strict";
import test from "node:test";
import { bought, confusion, counts, greys, members, mistakes, reading, rows } from "../../nncourse/widgets/confusions.js";
import { close, golden } from "./compare.mjs";

const view = (text) => new DataView(Uint8Array.from(Buffer.from(text, "base64")).buffer);

for (const [i, { n, y, pixels, thousandths, greys: levels, p, thresholds, mistakes: slips, cells }] of golden("confusions").cases.entries()) {
  const k = cells.length, read = reading(p);

  test(`set ${i}: the bytes are those that were packed`, () => {
    close(greys(view(pixels)), levels);
    close(rows(view(thousandths), n), p);
  });

  test(`set ${i}: matrix and counts at each threshold`, () => {
    for (const { threshold, table, ...expected } of thresholds) {
      close(confusion(y, read, threshold, k), table, `matrix at ${threshold}`);
      close(counts(y, read, threshold), expected, `counts at ${threshold}`);
    }
  });

  test(`set ${i}: the pictures of each cell, and the mistakes in their order`, () => {
    cells.forEach((row, written) => row.forEach((expected, said) => close(members(y, read, written, said), expected, `${written} read as ${said}`)));
    close(mistakes(y, read), slips);
  });

  test(`set ${i}: refusing more never misreads more`, () => {
    const line = bought(y, read);
    line.slice(1).forEach(([refused, wrong], t) => assert.ok(refused >= line[t][0] && wrong <= line[t][1]));
    assert.deepEqual(line[0], [0, slips.length]);
  });
}

test("a probability on the threshold is answered", () => {
  for (let t = 1; t < 100; t++) assert.equal(counts([0], [{ said: 0, top: 10 * t }], t / 100).refused, 0, `${t}`);
});
