import { contours } from "./contours.js";
import { draw } from "./engine.js";
import { button, choice, clamp, coordinates, grip, html, number, plane, set, shading, slider, stage, status, svg } from "./kit.js";

export const STEPS = 300, CELLS = 40;
export const RATES = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1];
const LEVEL = 5e-3, NEAR = 0.1, LOST = 1e6, TOP = 0.10103125788101;

/** Each landscape: `f` is the height and the two slopes, `bend` the second derivatives xx, xy and yy. */
export const LANDSCAPES = {
  "double well": {
    f: (x, y) => [(x * x * x * x) / 4 - (x * x) / 2 + x / 10 + (y * y) / 2, x * x * x - x + 0.1, y],
    bend: (x) => [3 * x * x - 1, 0, 1],
    start: [1.8, 1.2], domain: [[-2, 2], [-2, 2]], heights: [-0.5, 1.5],
    first: "end in the left well",
  },
  saddle: {
    f: (x, y) => [x * x - y * y, 2 * x, -2 * y],
    bend: () => [2, 0, -2],
    start: [1, 0], domain: [[-2, 2], [-2, 2]], heights: [-4, 4], first: "leave the map at the top",
  },
  plateau: {
    f: (x, y) => {
      const near = 1 / (1 + x * x + y * y);
      return [1 - near, 2 * x * near * near, 2 * y * near * near];
    },
    bend: (x, y) => {
      const near = 1 / (1 + x * x + y * y), square = 2 * near * near, cube = 8 * near * near * near;
      return [square - x * x * cube, -x * y * cube, square - y * y * cube];
    },
    start: [-3, 2], domain: [[-4, 4], [-4, 4]], heights: [0, 1], first: "end within 0.1 of the middle",
  },
};

/** The places of a walk; a ball a million away is lost, and stops. */
export function walk({ landscape, start, rate, momentum, noise, seed }) {
  const { f } = LANDSCAPES[landscape], path = [start];
  let [x, y] = start, u = 0, v = 0;
  for (let t = 0; t < STEPS && Math.max(Math.abs(x), Math.abs(y)) <= LOST; t++) {
    const [, dx, dy] = f(x, y), size = noise && noise * Math.sqrt(-2 * Math.log(1 - draw(seed, 2 * t + 1)));
    const turn = noise && 2 * Math.PI * draw(seed, 2 * t + 2); // two normal numbers, by Box and Muller (1958)
    u = momentum * u - rate * (dx + size * Math.cos(turn));
    v = momentum * v - rate * (dy + size * Math.sin(turn));
    path.push([(x += u), (y += v)]);
  }
  return path;
}

/** Where a walk ended: 0 or 1 for one of the landscape's two fates, -1 for neither. */
export function fate(landscape, [x, y]) {
  if (landscape === "plateau") return x * x + y * y <= NEAR * NEAR ? 0 : 1;
  if (landscape === "saddle") return y > 2 ? 0 : y < -2 ? 1 : -1;
  return !(Math.max(Math.abs(x), Math.abs(y)) <= LOST) ? -1 : x < TOP ? 0 : 1;
}

/** The fates of 40 x 40 starts without noise, row by row from below, and the share of the first. Below w2 = 0 lies a mirror image. */
export function basins(landscape, rate, momentum) {
  const { f, domain: [[x0, x1], [y0, y1]] } = LANDSCAPES[landscape], fates = new Int8Array(CELLS * CELLS);
  for (let k = fates.length / 2; k < fates.length; k++) {
    let x = x0 + (((k % CELLS) + 0.5) / CELLS) * (x1 - x0), y = y0 + ((Math.floor(k / CELLS) + 0.5) / CELLS) * (y1 - y0), u = 0, v = 0;
    for (let t = 0; t < STEPS && Math.max(Math.abs(x), Math.abs(y)) <= LOST; t++) {
      const [, dx, dy] = f(x, y);
      x += u = momentum * u - rate * dx;
      y += v = momentum * v - rate * dy;
    }
    fates[k] = fate(landscape, [x, y]);
    fates[(CELLS - 1 - Math.floor(k / CELLS)) * CELLS + (k % CELLS)] = fate(landscape, [x, -y]);
  }
  return { fates, share: fates.filter((one) => one === 0).length / fates.length };
}

/** The length of the gradient. */
export const slope = (landscape, [x, y]) => Math.hypot(...LANDSCAPES[landscape].f(x, y).slice(1));

/** The eigenvalues of the Hessian, the larger one first. */
export function curvatures(landscape, [x, y]) {
  const [a, b, c] = LANDSCAPES[landscape].bend(x, y), middle = (a + c) / 2, apart = Math.hypot((a - c) / 2, b);
  return [middle + apart, middle - apart];
}

/** What a place is: "minimum" or "saddle" (none of the landscapes has a maximum), or "slope" where the ground is not level. */
export function kind(landscape, place) {
  if (!(slope(landscape, place) < LEVEL)) return "slope";
  return curvatures(landscape, place)[1] > 0 ? "minimum" : "saddle";
}

const KEYS = ["landscape", "start", "rate", "momentum", "noise", "seed", "steps"];
const two = (value) => (Math.abs(value) > 1e4 ? "far away" : number(value));
const place = ([x, y]) => `(${two(x)}, ${two(y)})`;

function render({ model, el }) {
  const at = stage({ model, el }, "ball", "A ball in a landscape");
  const ground = html("div"), view = { landscape: null, known: "" };
  const handle = grip(at, "start", () => ({ map: view.map, domain: LANDSCAPES[at.get("landscape")].domain, home: LANDSCAPES[at.get("landscape")].start }));
  const trail = svg("polyline", { class: "nn-trail" }), end = svg("circle", { class: "nn-end", r: 5.5 });

  const inside = ({ ink, left, top, right, bottom }, ...parts) => {
    const window = svg("svg", { x: left, y: top, width: right - left, height: bottom - top, viewBox: `${left} ${top} ${right - left} ${bottom - top}` }, ...parts);
    window.style.cssText = `width:${right - left}px;height:${bottom - top}px;max-width:none`; // what leaves the frame is not drawn
    ink.append(window);
  };

  // The map, made anew for each landscape, and the loss of every step beside it
  const line = svg("polyline", { class: "nn-line" }), spot = svg("circle", { class: "nn-end", r: 4.5 }), beside = html("div");
  function lay(landscape) {
    const { domain: [x, y], heights } = LANDSCAPES[landscape], low = heights[0], high = heights[1];
    const map = plane({ x, y, label: `The ${landscape} from above, with the walk`, xLabel: "w\u2081", yLabel: "w\u2082", ticks: { x: [x[0], x[0] / 2, 0, x[1] / 2, x[1]], y: [y[0], y[0] / 2, 0, y[1] / 2, y[1]] } });
    const rings = contours(LANDSCAPES[landscape]).map(({ pieces }) => svg("path", { class: "nn-contour", d: pieces.map((piece) => `M${coordinates(piece.map(([a, b]) => [map.x(a), map.y(b)])).replace(" ", "L")}`).join("") }));
    inside(map, ...rings, trail, end);
    map.ink.append(handle);
    const shade = shading(at, map, x, y, 4 * CELLS); // finer than the starts, so that the border is thin
    const chart = plane({ x: [0, STEPS * 1.03], y: [low - 0.03 * (high - low), high], width: 320, height: 250, margin: 36, label: "The loss at each step", xLabel: "step", ticks: { x: [0, 100, 200, 300], y: [low, (low + high) / 2, high] } });
    set(chart.drawing, { role: "img" });
    inside(chart, line, spot);
    ground.replaceChildren(shade.figure);
    beside.replaceChildren(chart.drawing);
    return { map, chart, shade };
  }

  // The rate is a place in a list
  const rates = slider({ ...at, get: () => RATES.indexOf(at.get("rate")) }, "rate", "learning rate", { min: 0, max: RATES.length - 1, step: 1, page: 3, show: (k) => String(RATES[k]), change: (k) => at.put({ rate: RATES[k] }) });
  const cells = ["place", "loss", "length of the gradient", "curvatures"].map((name) => [name, html("td")]);
  const says = status(), title = (text) => html("p", { class: "nn-title" }, text);
  at.root.append(
    html("div", { class: "nn-controls" },
      choice(at, "landscape", "landscape", Object.keys(LANDSCAPES).map((name) => [name, name]), (landscape) => at.put({ landscape, start: LANDSCAPES[landscape].start })),
      button(at, "Other noise", () => at.put({ seed: at.get("seed") + 1 })),
      rates, slider(at, "momentum", "momentum", { min: 0, max: 0.95, step: 0.05, page: 0.2 }),
      slider(at, "noise", "noise of a slope", { min: 0, max: 3, step: 0.1, page: 0.5 }),
      slider(at, "steps", "steps", { min: 1, max: STEPS, step: 1, page: 25 })),
    html("div", { class: "nn-columns" },
      html("div", {}, title("From above"), ground),
      html("div", {}, title("Loss, step by step"), beside, html("table", {}, html("tbody", {}, ...cells.map(([name, cell]) => html("tr", {}, html("th", { scope: "row" }, name), cell)))))),
    says,
    html("p", { class: "nn-hint" }, "Drag the ring, where the ball starts; with the keyboard: Tab to it, the arrow keys move it, Home brings it back. The ground is shaded by where walks without noise end."));

  function show() {
    const now = Object.fromEntries(KEYS.map((key) => [key, at.get(key)])), { landscape, start, rate, momentum, noise } = now;
    if (view.landscape !== landscape) Object.assign(view, { landscape, known: "" }, lay(landscape));
    const { map, chart, shade } = view, { f, domain: [[x0, x1], [y0, y1]] } = LANDSCAPES[landscape];
    if (view.known !== `${rate} ${momentum}`) {
      Object.assign(view, { known: `${rate} ${momentum}`, basins: basins(landscape, rate, momentum) });
      const cell = (value, low, high) => Math.floor(((value - low) / (high - low)) * CELLS);
      shade.paint((x, y) => [1, 0, 0.499][view.basins.fates.at(cell(y, y0, y1) * CELLS + cell(x, x0, x1)) % 3] ?? 0.499);
    }
    const path = walk(now), last = Math.min(now.steps, path.length - 1), here = path[last], [height] = f(...here);
    const near = (value) => clamp(value, -1e4, 1e4), pixels = path.slice(0, last + 1).map(([a, b]) => [near(map.x(a)), near(map.y(b))]);
    set(trail, { points: coordinates(pixels) });
    set(end, { cx: pixels.at(-1)[0], cy: pixels.at(-1)[1] });
    set(handle, { transform: `translate(${map.x(start[0])} ${map.y(start[1])})`, "aria-label": `start at ${place(start)}` });
    const losses = path.slice(0, last + 1).map(([a, b], t) => [chart.x(t), near(chart.y(f(a, b)[0]))]);
    set(line, { points: coordinates(losses) });
    set(spot, { cx: losses.at(-1)[0], cy: losses.at(-1)[1] });
    const bends = curvatures(landscape, here), far = Math.max(...here.map(Math.abs)) > 1e4;
    [place(here), far ? "far away" : number(height, 3), far ? "\u2013" : number(slope(landscape, here), 3), far ? "\u2013" : bends.map((one) => number(one)).join(" and ")]
      .forEach((text, i) => { cells[i][1].textContent = text; });
    says.textContent = tell(now, here, height, last);
  }

  function tell({ landscape, noise, steps }, here, height, last) {
    const what = kind(landscape, here), lowest = landscape !== "double well" || height < -0.3;
    const found = what === "slope" ? "not on level ground" : `on level ground: a ${what}${what !== "minimum" ? "" : lowest ? ", the lowest" : ", but not the lowest"}`;
    const { share } = view.basins, { first } = LANDSCAPES[landscape], alone = noise ? "without noise " : "";
    return `After ${steps} ${steps > 1 ? "steps" : "step"} the ball is ${last < steps ? "a million away" : found}. Of ${CELLS * CELLS} starts, ${number(100 * share, 1)} % ${first} ${alone}(blue, dotted ground).`;
  }

  at.watch(KEYS, show);
  show();
  return at.close;
}

export default { render };
