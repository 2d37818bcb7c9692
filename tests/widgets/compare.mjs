// What the Node tests share: the golden numbers of a module, and equality to 1e-10, absolute below 1 and relative above.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const golden = (module) => JSON.parse(readFileSync(new URL(`golden/${module}.json`, import.meta.url)));

export function close(actual, expected, where = "value") {
  if (typeof expected !== "number") {
    if (expected === null || typeof expected !== "object") return assert.equal(actual, expected, where);
    assert.deepEqual(Object.keys(actual), Object.keys(expected), where);
    for (const key of Object.keys(expected)) close(actual[key], expected[key], `${where}.${key}`);
    return;
  }
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  assert.ok(error <= 1e-10, `${where}: got ${actual}, nncourse says ${expected}`);
}
