import { clamp, html } from "./kit.js";
import { sigmoid, tanh } from "./engine.js";

// A network as a picture: a tile a neuron, which shows what it answers anywhere in the plane, and a line a weight.

export const TILE = 25;
const WIDE = 560, TALL = 236, SHADES = 256;

/** How a neuron's answer becomes a shade from 0 to 1: what a class or a bend says, brought between two colours. */
export function tone(output, { loss, activation }) {
  if (output) return loss === "mse" ? (value) => clamp(0.5 + value / 2, 0, 1) : sigmoid;
  if (activation === "sigmoid") return (value) => value;
  return activation === "tanh" ? (value) => 0.5 + 0.5 * value : (value) => 0.5 + 0.5 * tanh(value);
}

/** A canvas, `paint` for it, `dye` for when the theme changes, and `hit`: the name of the neuron under a pointer. */
export function portrait() {
  const canvas = html("canvas", { width: WIDE, height: TALL, class: "nn-net", "aria-hidden": "true" }), brush = canvas.getContext("2d");
  const picture = brush.createImageData(WIDE, TALL), pixels = new Uint32Array(picture.data.buffer), palette = new Uint32Array(SHADES);
  let colours, ink, tiles = [];

  /** The theme's colours, asked for once, and the shades between two of them as words: opaque, blue, green, red. */
  function dye(root) {
    const style = getComputedStyle(root);
    colours = Object.fromEntries(["zero", "one", "ink"].map((name) => [name, style.getPropertyValue(`--nn-${name}`).trim()]));
    const parts = (colour) => {
      brush.fillStyle = colour;
      return [5, 3, 1].map((i) => parseInt(brush.fillStyle.slice(i, i + 2), 16));
    };
    const word = (bytes) => bytes.reduce((all, byte) => (all << 8) | Math.round(byte), 255), [zero, one] = [colours.zero, colours.one].map(parts);
    ink = word(parts(colours.ink));
    palette.forEach((_, s) => { palette[s] = word(zero.map((from, i) => from + (s / (SHADES - 1)) * (one[i] - from))); });
  }

  /** Where the neurons stand: column by column, each `{ name, x, y }`, its tile's corner included. */
  const spots = (columns) => columns.map((count, c) => Array.from({ length: count }, (_, i) => {
    const x = 56 + (c * (WIDE - 86)) / (columns.length - 1), y = TALL / 2 + (i - (count - 1) / 2) * 29;
    return { name: c === columns.length - 1 ? "output" : `${c}.${i + 1}`, x, y, left: Math.round(x - TILE / 2), top: Math.round(y - TILE / 2) };
  }));

  /** What the neurons of a column answer, row by row in `read`, goes onto their tiles, each in a frame. */
  function shade(column, read, shadeOf, shown) {
    const count = column.length;
    column.forEach(({ name, left, top }, i) => {
      const edge = name === shown ? 2 : 1, across = TILE + 2 * edge;
      for (let row = 0; row < across; row++) pixels.fill(ink, (top - edge + row) * WIDE + left - edge, (top - edge + row) * WIDE + left - edge + across);
      for (let row = 0, k = i; row < TILE; row++) {
        for (let p = (top + row) * WIDE + left, end = p + TILE; p < end; p++, k += count) pixels[p] = palette[Math.round((SHADES - 1) * shadeOf(read[k]))];
      }
    });
  }

  /** A line a weight: its colour and dashes say the sign, its width the size. */
  function links({ layers }, theta, columns) {
    layers.forEach(({ d, m, W }, l) => {
      for (let w = 0; w < d * m; w++) {
        const weight = theta[W + w], from = columns[l][Math.floor(w / m)], to = columns[l + 1][w % m];
        brush.setLineDash(weight < 0 ? [4, 3] : []);
        brush.lineWidth = Math.min(6, 0.3 + 1.5 * Math.abs(weight));
        brush.strokeStyle = weight < 0 ? colours.zero : colours.one;
        brush.beginPath();
        brush.moveTo(from.x + 15, from.y);
        brush.lineTo(to.x - 15, to.y);
        brush.stroke();
      }
    });
  }

  /**
   * Paint a network: `told` are the features of the tiles' points, `at` what its layers answer there, `shown` the neuron
   * in a thick frame. In a hurry the lines, which are slow to draw and slow to change, stay as they are.
   */
  function paint({ net, theta, settings }, told, at, shown, hurry) {
    const columns = spots(net.sizes), last = net.layers.length;
    pixels.fill(0);
    columns.forEach((column, c) => {
      if (c) shade(column, (c === last ? at.z : at.a)[c - 1], tone(c === last, settings), shown);
      else if (!hurry) shade(column, told, (value) => clamp(0.5 + value / 2, 0, 1));
      if (c && hurry) brush.putImageData(picture, 0, 0, column[0].left - 2, 0, TILE + 4, TALL);
    });
    if (hurry) return;
    tiles = columns.slice(1).flat();
    brush.putImageData(picture, 0, 0);
    links(net, theta, columns);
    brush.fillStyle = colours.ink;
    brush.font = "600 11px sans-serif";
    brush.textAlign = "right";
    columns[0].forEach(({ y, left }, i) => brush.fillText(settings.features[i].replace("^2", "\u00b2").replace("sin 3 ", "sin"), left - 5, y + 4));
  }

  function hit(event) {
    const box = canvas.getBoundingClientRect(), x = ((event.clientX - box.left) / box.width) * WIDE, y = ((event.clientY - box.top) / box.height) * TALL;
    return tiles.find((one) => Math.abs(one.x - x) < 18 && Math.abs(one.y - y) < 18)?.name;
  }
  return { canvas, dye, paint, hit };
}
