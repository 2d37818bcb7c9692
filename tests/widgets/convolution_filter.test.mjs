import test from "node:test";
import { axis, convolve, pool, products, seen, sum } from "../../nncourse/widgets/convolution_filter.js";
import { close, golden } from "./compare.mjs";

for (const [i, { picture, kernel, stride, padding, map, pooled, places, ...looks }] of golden("convolution_filter").cases.entries()) {
  test(`case ${i}: stride ${stride}, ${padding}`, () => {
    close(convolve(picture, kernel, stride, padding), map, "map");
    close(pool(map), pooled, "pooled");
    close(axis(stride, padding).count, map.length, "places");
    places.forEach((place, k) => {
      const view = seen(picture, stride, padding, place);
      close(view, looks.seen[k], "window");
      close(products(view, kernel), looks.products[k], "products");
      close(sum(products(view, kernel)), map[place[0]][place[1]], "sum");
    });
  });
}

test("one black pixel stamps the kernel on the map, turned around", () => {
  const picture = new Array(64).fill(0), kernel = [1, 2, 3, 4, 5, 4.5, 3.5, 2.5, 1.5];
  picture[3 * 8 + 4] = 1;
  const map = convolve(picture, kernel, 1, "valid");
  close([1, 2, 3].flatMap((row) => map[row].slice(2, 5)), kernel.toReversed());
  close(map.flat().filter(Boolean).length, 9);
});
