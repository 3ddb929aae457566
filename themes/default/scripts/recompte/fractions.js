// Exact fractions: { n, d } with whole numbers of any length, d over zero, in lowest terms.

export function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

export function fraction(n, d = 1n) {
  const common = gcd(n, d) || 1n;
  return { n: n / common, d: d / common };
}

/** Below zero, zero or above, as `a` is less than, equal to or more than `b`. */
export function compare(a, b) {
  const left = a.n * b.d, right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function add(a, b) {
  return fraction(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function times(a, whole) {
  return fraction(a.n * whole, a.d);
}

/** `3` or `25/2`. */
export function written(a) {
  return a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`;
}
