// The method of equal shares over groups of equal ballots, in whole numbers over one common denominator. Ballots that
// have the same left are one purse: a round looks at purses, not at ballots.

import { compare, fraction, gcd } from "./fractions.js";
import { inOrder } from "./ballots.js";

class Purses {
  constructor(sizes, share) {
    this.sizes = Float64Array.from(sizes);
    this.counts = new Float64Array(64);
    this.of = new Int32Array(sizes.length);
    this.values = [share.n];
    this.unit = share.d;
    this.packed = 1;
  }

  /** How many ballots of these supporters have which purse, as [purse, ballots]. */
  held(who) {
    if (this.counts.length < this.values.length) this.counts = new Float64Array(2 * this.values.length);
    const { of, sizes, counts } = this, { groups } = who, found = [];
    for (let n = 0; n < groups.length; n += 1) {
      const purse = of[groups[n]];
      if (!counts[purse]) found.push(purse);
      counts[purse] += sizes[groups[n]];
    }
    return found.map((purse) => {
      const pair = [purse, counts[purse]];
      counts[purse] = 0;
      return pair;
    });
  }

  /** The same as [value, gain, times], apart for each gain. */
  heldByGain(who) {
    const found = new Map();
    who.groups.forEach((group, place) => {
      const key = `${this.of[group]} ${who.gains[place]}`, known = found.get(key);
      if (known) known[2] += this.sizes[group];
      else found.set(key, [this.values[this.of[group]], who.gains[place], this.sizes[group]]);
    });
    return [...found.values()].map(([value, gain, times]) => [value, gain, BigInt(times)]);
  }

  /** Take `each` for a unit of gain (one unit where all gain the same) from these groups, or all that they have. */
  pay(who, each) {
    const factor = each.d / gcd(each.d, this.unit);
    if (factor > 1n) {
      this.unit *= factor;
      this.values = this.values.map((value) => value * factor);
    }
    const price = each.n * (this.unit / each.d), after = new Map(), known = new Map();
    who.groups.forEach((group, place) => {
      const before = this.of[group], key = who.gains ? `${before} ${who.gains[place]}` : before;
      let purse = after.get(key);
      if (purse === undefined) {
        const rest = this.values[before] - (who.gains ? price * who.gains[place] : price), value = rest > 0n ? rest : 0n;
        purse = known.get(value);
        if (purse === undefined) {
          purse = this.values.push(value) - 1;
          known.set(value, purse);
        }
        after.set(key, purse);
      }
      this.of[group] = purse;
    });
    if (this.values.length > 2 * this.packed + 64) this.pack();
  }

  /** Forget purses that nobody has any more and make equal ones one. */
  pack() {
    const places = new Map(), now = new Map();
    for (const purse of new Set(this.of)) {
      const value = this.values[purse];
      if (!places.has(value)) places.set(value, places.size);
      now.set(purse, places.get(value));
    }
    this.values = [...places.keys()];
    this.of = this.of.map((purse) => now.get(purse));
    this.packed = this.values.length;
  }
}

/** All that the method works on but the share; `choose`, `bar` and `most` are those of the rule. */
export class Electorate {
  constructor(cost, supporters, sizes, choose, bar, most) {
    Object.assign(this, { cost, supporters, sizes, choose, bar, most });
  }

  /** True when no project may be taken any more. */
  full(taken) {
    return this.most !== null && taken.length >= this.most;
  }

  /** Projects without cost, which are taken first, whom they exclude, and the others as [first price, id], in order. */
  begin() {
    const free = [], barred = new Set(), { cost, supporters, sizes } = this;
    const waiting = new Set([...supporters].filter(([, who]) => who.groups.length).map(([id]) => id));
    while (!this.full(free)) {
      const equal = [...waiting].filter((id) => cost(id) === 0 && !barred.has(id));
      if (!equal.length) break;
      const [project, tie] = this.choose(equal.sort(inOrder));
      free.push({ project, price: fraction(0n), tie });
      waiting.delete(project);
      for (const other of this.bar(project)) barred.add(other);
    }
    const others = [...waiting].map((id) => [firstPrice(cost(id), supporters.get(id), sizes), id]);
    return { free, barred, waiting: others.sort((a, b) => compare(a[0], b[0])) };
  }
}

/** What was taken in order, and what the supporters of each other project have left in the end, in hundredths. */
export function equalShares(electorate, share) {
  const { cost, supporters, choose, bar } = electorate, { free: bought, barred, waiting } = electorate.begin();
  const purses = new Purses(electorate.sizes, share);
  // What a project cost before is never more than what it costs now: the first that still costs what it did is best.
  let heap = waiting;
  while (heap.length && !electorate.full(bought)) {
    let best = null, equal = [], at = 0;
    const looked = [];
    for (; at < heap.length && (best === null || compare(heap[at][0], best) <= 0); at += 1) {
      const id = heap[at][1];
      if (barred.has(id)) continue;
      const price = priceOf(cost(id), supporters.get(id), purses);
      if (price === null) continue; // its supporters can never pay again
      looked.push([price, id]);
      const against = best === null ? -1 : compare(price, best);
      if (against < 0) [best, equal] = [price, [id]];
      else if (against === 0) equal.push(id);
    }
    heap = heap.slice(at);
    if (best === null) break;
    const [chosen, tie] = equal.length > 1 ? choose(equal.sort(inOrder)) : [equal[0], null];
    heap = merged(heap, looked.filter(([, id]) => id !== chosen));
    const who = supporters.get(chosen);
    purses.pay(who, who.gains ? best : fraction(best.n * who.gain, best.d));
    const gain = who.gains ? who.gains.reduce((a, b) => (b > a ? b : a)) : who.gain;
    bought.push({ project: chosen, price: fraction(best.n * gain, best.d), tie });
    for (const other of bar(chosen)) barred.add(other);
  }
  const taken = new Set(bought.map((one) => one.project));
  const others = [...supporters].filter(([id]) => !taken.has(id));
  return { bought, available: new Map(others.map(([id, who]) => [id, together(who, purses)])) };
}

/** Two lists of [price, project] as one; the first is in order already. */
function merged(first, second) {
  second.sort((a, b) => compare(a[0], b[0]));
  const all = [];
  let n = 0;
  for (const one of first) {
    while (n < second.length && compare(second[n][0], one[0]) <= 0) all.push(second[n++]);
    all.push(one);
  }
  return [...all, ...second.slice(n)];
}

function firstPrice(cost, who, sizes) {
  let units = 0n;
  if (who.gains) who.groups.forEach((group, place) => { units += who.gains[place] * BigInt(sizes[group]); });
  else units = who.gain * BigInt(who.groups.reduce((sum, group) => sum + sizes[group], 0));
  return fraction(BigInt(cost), units);
}

/** What a unit of gain costs now; null when the supporters cannot pay together. */
function priceOf(cost, who, purses) {
  let need = BigInt(cost) * purses.unit;
  if (!who.gains) {
    let rich = purses.held(who).map(([purse, times]) => [purses.values[purse], BigInt(times)]);
    if (rich.reduce((sum, [value, times]) => sum + value * times, 0n) < need) return null;
    let payers = rich.reduce((sum, [, times]) => sum + times, 0n);
    for (;;) {
      const most = (need - 1n) / payers, poor = rich.filter(([value]) => value <= most);
      if (!poor.length) return fraction(need, payers * who.gain * purses.unit);
      for (const [value, times] of poor) {
        need -= value * times;
        payers -= times;
      }
      rich = rich.filter(([value]) => value > most);
    }
  }
  let held = purses.heldByGain(who);
  if (held.reduce((sum, [value, , times]) => sum + value * times, 0n) < need) return null;
  let units = held.reduce((sum, [, gain, times]) => sum + gain * times, 0n);
  for (;;) {
    const short = need, over = units, poorer = held.filter(([value, gain]) => value * over < short * gain);
    if (!poorer.length) return fraction(need, units * purses.unit);
    held = held.filter(([value, gain]) => value * over >= short * gain);
    for (const [value, gain, times] of poorer) {
      need -= value * times;
      units -= gain * times;
    }
  }
}

function together(who, purses) {
  let sum = 0n;
  for (const [purse, times] of purses.held(who)) sum += purses.values[purse] * BigInt(times);
  return fraction(sum, purses.unit);
}
