import test from "node:test";
import { likeliest, moved, readings, scores, unpack } from "../../nncourse/widgets/shifted_digit.js";
import { close, golden } from "./compare.mjs";

const { networks, weights, steps, side, pictures, shifts, moved: expected, cases } = golden("shifted_digit");
const nets = unpack(networks, Int8Array.from(weights), steps, side), inks = pictures.map((picture) => Float64Array.from(picture, (ink) => ink / 16));

test("every stored number is used", () => {
  close(nets.reduce((count, { W, b, V, c }) => count + W.length + b.length + V.length + c.length, 0), weights.length);
});

test("a picture moves over blank paper", () => shifts.forEach((shift, i) => close([...moved(inks[2], side, shift)], expected[i], `moved by ${shift}`)));

for (const { digit, network, scores: right, reads } of cases) {
  test(`${network} reads picture ${digit}`, () => {
    const net = nets.find(({ name }) => name === network);
    shifts.forEach((shift, i) => {
      const p = scores(net, moved(inks[digit], side, shift), side);
      close(p, right[i], `at ${shift}`);
      close(likeliest(p), reads[shift[0] + 3][shift[1] + 3]);
    });
    close(readings(net, inks[digit], side), reads, "readings");
  });
}
