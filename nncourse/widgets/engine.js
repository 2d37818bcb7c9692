// Networks of dense layers that are trained in the page: what `nncourse` computes, in JavaScript.
// All parameters of a network are one Float64Array, in the order of `model.parameters`: W and b of each layer in turn.

const FALLING = Float64Array.from({ length: 64 * 40 }, (_, k) => Math.exp(-k / 64));

/** e^-y for y above 0: by a table in steps of 1/64, and by five terms of the series for what is left; to 13 digits, three times as fast as Math.exp. */
function decay(y) {
  if (!(y < 40)) return Math.exp(-y);
  const k = Math.floor(64 * y), r = y - k / 64;
  return FALLING[k] * (1 - r * (1 - (r / 2) * (1 - r * (1 / 3) * (1 - (r / 4) * (1 - r * (1 / 5))))));
}

/** 1 / (1 + e^-z), written with e^-|z|, which cannot overflow. */
export function sigmoid(z) {
  const e = decay(Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** (1 - e^-2z) / (1 + e^-2z) for z above 0: much faster than Math.tanh, and as exact where z is not tiny. */
export function tanh(z) {
  const e = decay(2 * Math.abs(z)), a = (1 - e) / (1 + e);
  return z < 0 ? -a : a;
}

const GELU = Math.sqrt(2 / Math.PI);
const softplus = (z) => Math.max(z, 0) + Math.log1p(decay(Math.abs(z)));

/** Each activation, and its slope from the score z and the output a. */
export const ACTIVATIONS = {
  linear: { f: (z) => z, slope: () => 1 },
  relu: { f: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: { f: (z) => (z > 0 ? z : 0.01 * z), slope: (z) => (z > 0 ? 1 : 0.01) },
  elu: { f: (z) => (z > 0 ? z : Math.expm1(z)), slope: (z) => (z > 0 ? 1 : Math.exp(z)) },
  softplus: { f: softplus, slope: (z) => sigmoid(z) },
  gelu: {
    f: (z) => 0.5 * z * (1 + Math.tanh(GELU * (z + 0.044715 * z ** 3))),
    slope: (z) => {
      const t = Math.tanh(GELU * (z + 0.044715 * z ** 3));
      return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * GELU * (1 + 3 * 0.044715 * z * z);
    },
  },
  tanh: { f: tanh, slope: (z, a) => 1 - a * a },
  sigmoid: { f: sigmoid, slope: (z, a) => a * (1 - a) },
};

/** What one answer costs, from the last score z, and the slope of that. */
export const LOSSES = {
  binary_crossentropy: { cost: (z, y) => softplus(z) - z * y, slope: (z, y) => sigmoid(z) - y },
  mse: { cost: (z, y) => (z - y) ** 2, slope: (z, y) => 2 * (z - y) },
};

/** Where the weights and biases of each layer stand in the vector of parameters; b is -1 where there are none. */
export function layout(sizes, biases = true) {
  const layers = [];
  let at = 0;
  for (let i = 1; i < sizes.length; i++) {
    const [d, m] = [sizes[i - 1], sizes[i]];
    layers.push({ d, m, W: at, b: biases ? at + d * m : -1 });
    at += d * m + (biases ? m : 0);
  }
  return { sizes, layers, count: at };
}

/** Numbers between 0 and 1 from mulberry32 (Ettinger, 2017), the i-th of a seed, i from 1 on. */
export function draw(seed, i) {
  let a = (seed + Math.imul(i, 0x6d2b79f5)) | 0;
  a = Math.imul(a ^ (a >>> 15), a | 1);
  a ^= a + Math.imul(a ^ (a >>> 7), a | 61);
  return ((a ^ (a >>> 14)) >>> 0) / 2 ** 32;
}

/** Weights drawn evenly between -r and r with r^2 = 6 / (d + m) (Glorot and Bengio, 2010), biases 0. */
export function glorot(net, seed) {
  const theta = new Float64Array(net.count);
  let i = 0;
  for (const { d, m, W } of net.layers) {
    const r = Math.sqrt(6 / (d + m));
    for (let k = 0; k < d * m; k++) theta[W + k] = r * (2 * draw(seed, ++i) - 1);
  }
  return theta;
}

/** Room for the scores z, the outputs a and the slopes of up to n rows, layer by layer. */
export function room(net, n) {
  const rows = () => net.layers.map(({ m }) => new Float64Array(n * m));
  return { n, z: rows(), a: rows(), delta: rows(), mask: rows() };
}

/** The scores of a layer for n rows: z = x W + b. Two rows by four neurons at a time: what is fetched once serves twice and four times. */
function dense(x, theta, { d, m, W, b }, n, z) {
  for (let i = 0; i < n; i += 2) {
    const r = i * d, s = i + 1 < n ? r + d : r, here = i * m, next = i + 1 < n ? here + m : here; // an odd last row is its own neighbour
    let k = 0;
    for (; k + 4 <= m; k += 4) {
      let p0 = 0, p1 = 0, p2 = 0, p3 = 0;
      if (b >= 0) [p0, p1, p2, p3] = [theta[b + k], theta[b + k + 1], theta[b + k + 2], theta[b + k + 3]];
      let q0 = p0, q1 = p1, q2 = p2, q3 = p3;
      for (let j = 0, w = W + k; j < d; j++, w += m) {
        const p = x[r + j], q = x[s + j], w0 = theta[w], w1 = theta[w + 1], w2 = theta[w + 2], w3 = theta[w + 3];
        p0 += p * w0, p1 += p * w1, p2 += p * w2, p3 += p * w3;
        q0 += q * w0, q1 += q * w1, q2 += q * w2, q3 += q * w3;
      }
      z[here + k] = p0, z[here + k + 1] = p1, z[here + k + 2] = p2, z[here + k + 3] = p3;
      z[next + k] = q0, z[next + k + 1] = q1, z[next + k + 2] = q2, z[next + k + 3] = q3;
    }
    for (; k < m; k++) {
      let p = b < 0 ? 0 : theta[b + k], q = p;
      for (let j = 0, w = W + k; j < d; j++, w += m) p += x[r + j] * theta[w], q += x[s + j] * theta[w];
      z[here + k] = p, z[next + k] = q;
    }
  }
}

/** Answer n rows of x, one after the other in one array: the last scores, which stand in `at.z.at(-1)`. */
export function forward(net, theta, activation, x, n, at, keep = null) {
  const { f } = ACTIVATIONS[activation], last = net.layers.length - 1;
  for (let l = 0; l <= last; l++) {
    const z = at.z[l], a = at.a[l], size = n * net.layers[l].m;
    dense(l ? at.a[l - 1] : x, theta, net.layers[l], n, z);
    if (l === last) break;
    for (let i = 0; i < size; i++) a[i] = f(z[i]);
    if (keep) drop(a, at.mask[l], size, keep);
  }
  return at.z[last];
}

/** Silence each output with probability `rate` and make up for it in the others: inverted dropout. */
function drop(a, mask, size, keep) {
  for (let k = 0; k < size; k++) {
    mask[k] = keep.next() >= keep.rate ? 1 / (1 - keep.rate) : 0;
    a[k] *= mask[k];
  }
}

/**
 * The mean loss over n rows, penalties l1 sum |w| + l2 sum w^2 on the weights included; its slopes are written to `out`.
 * `keep` is `{ rate, next }` where outputs are dropped, `next()` a number between 0 and 1.
 */
export function gradient(net, theta, { activation, loss, l1 = 0, l2 = 0 }, x, y, n, at, out, keep = null) {
  const { slope } = ACTIVATIONS[activation], last = net.layers.length - 1, z = forward(net, theta, activation, x, n, at, keep);
  let value = 0;
  for (let i = 0; i < n; i++) {
    value += LOSSES[loss].cost(z[i], y[i]) / n;
    at.delta[last][i] = LOSSES[loss].slope(z[i], y[i]) / n;
  }
  out.fill(0);
  for (let l = last; l >= 0; l--) {
    const { d, m, W, b } = net.layers[l], delta = at.delta[l], input = l ? at.a[l - 1] : x;
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < m && b >= 0; k++) out[b + k] += delta[i * m + k];
      for (let j = 0, w = W; j < d; j++) {
        const value = input[i * d + j];
        for (let k = 0; k < m; k++, w++) out[w] += value * delta[i * m + k];
      }
      if (!l) continue;
      for (let j = 0; j < d; j++) {
        let sum = 0;
        for (let k = 0, w = W + j * m; k < m; k++, w++) sum += theta[w] * delta[i * m + k];
        const here = i * d + j, mask = keep ? at.mask[l - 1][here] : 1, a = mask ? at.a[l - 1][here] / mask : 0;
        at.delta[l - 1][here] = mask ? sum * mask * slope(at.z[l - 1][here], a) : 0;
      }
    }
    for (let w = W; w < W + d * m && (l1 || l2); w++) {
      value += l1 * Math.abs(theta[w]) + l2 * theta[w] ** 2;
      out[w] += l1 * Math.sign(theta[w]) + 2 * l2 * theta[w];
    }
  }
  return value;
}

const adam = (p, g, rate, t, { m, v }, { beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7 }) => {
  const c1 = 1 - beta_1 ** t, c2 = 1 - beta_2 ** t;
  for (let i = 0; i < p.length; i++) {
    m[i] = beta_1 * m[i] + (1 - beta_1) * g[i];
    v[i] = beta_2 * v[i] + (1 - beta_2) * g[i] * g[i];
    p[i] -= (rate * (m[i] / c1)) / (Math.sqrt(v[i] / c2) + epsilon);
  }
};
const velocity = (look) => (p, g, rate, t, { v }, { momentum = 0.9 }) => {
  for (let i = 0; i < p.length; i++) {
    v[i] = momentum * v[i] - rate * g[i];
    p[i] += look ? momentum * v[i] - rate * g[i] : v[i];
  }
};

/** Each rule: parameters and gradient, the rate, the number of this step from 1 on, what it remembers, its settings. */
export const OPTIMIZERS = {
  sgd: (p, g, rate) => { for (let i = 0; i < p.length; i++) p[i] -= rate * g[i]; },
  momentum: velocity(false),
  nesterov: velocity(true),
  adagrad: (p, g, rate, t, { v: s }, { epsilon = 1e-7 }) => {
    for (let i = 0; i < p.length; i++) p[i] -= (rate * g[i]) / (Math.sqrt((s[i] += g[i] * g[i])) + epsilon);
  },
  rmsprop: (p, g, rate, t, { v }, { rho = 0.9, epsilon = 1e-7 }) => {
    for (let i = 0; i < p.length; i++) p[i] -= (rate * g[i]) / (Math.sqrt((v[i] = rho * v[i] + (1 - rho) * g[i] * g[i])) + epsilon);
  },
  adam,
  adamw: (p, g, rate, t, memory, { weight_decay = 0.004, ...settings }) => {
    for (let i = 0; i < p.length; i++) p[i] *= 1 - rate * weight_decay;
    adam(p, g, rate, t, memory, settings);
  },
};

/** A rule with its memory: `step(parameters, gradient)` moves the first in place. */
export function optimizer(name, rate, size, settings = {}) {
  const memory = { m: new Float64Array(size), v: new Float64Array(size) };
  let t = 0;
  return { step: (p, g) => OPTIMIZERS[name](p, g, rate, ++t, memory, settings) };
}
