// Lines of equal height on a surface, for the widgets that look down on one.

const between = ([ax, ay, a], [bx, by, b], level) => [ax + ((level - a) / (b - a)) * (bx - ax), ay + ((level - a) / (b - a)) * (by - ay)];

/** Where the surface has these heights: for each level pieces of its line, cell by cell, each cell cut into two triangles. */
export function contours({ f, domain: [[x0, x1], [y0, y1]] }, cells = 60, parts = [0.03, 0.08, 0.16, 0.25, 0.35, 0.5, 0.65, 0.8, 0.93]) {
  const corners = Array.from({ length: (cells + 1) ** 2 }, (_, k) => {
    const x = x0 + ((k % (cells + 1)) / cells) * (x1 - x0), y = y0 + (Math.floor(k / (cells + 1)) / cells) * (y1 - y0);
    return [x, y, f(x, y)[0]];
  });
  const sorted = corners.map(([, , height]) => height).sort((a, b) => a - b);
  const levels = parts.map((part) => sorted[Math.floor(part * sorted.length)]); // so that each band has its share of the ground
  return levels.map((level) => {
    const pieces = [];
    for (let k = 0; k < corners.length - cells - 1; k++) {
      if (k % (cells + 1) === cells) continue;
      const here = corners[k], far = corners[k + cells + 2];
      for (const third of [corners[k + 1], corners[k + cells + 1]]) {
        if (here[2] >= level === far[2] >= level && here[2] >= level === third[2] >= level) continue;
        const ends = [[here, third], [third, far], [far, here]].filter(([a, b]) => a[2] >= level !== b[2] >= level);
        pieces.push(ends.map(([a, b]) => between(a, b, level)));
      }
    }
    return { level, pieces };
  });
}
