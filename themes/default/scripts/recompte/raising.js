// Shares raised step by step: who wins at each step, without counting every step. Two counts, one at the first and one
// at the last step of a stretch, enclose all between them: participation/counting/raising.py says why.
//
// What a ballot has left is a whole number of small parts, rounded down in the poorer count and up in the richer one;
// parts are as small as numbers allow that are exact to 53 bits. Prices are fractions { n, d } of whole numbers.

import { inOrder } from "./ballots.js";
import { add, compare, fraction } from "./fractions.js";
import { equalShares } from "./shares.js";

const EXACT = 2 ** 53;
const SLACK = 2 ** -48; // more than a few roundings of a number may change it by

/** The share raised 0, 1, 2, ... times by `step`: [first time, winners] for each stretch with the same, without end. */
export function* stretches(electorate, share, step) {
  const search = new Stretches(electorate, share, step);
  yield* search.whole(0, 0);
  for (let first = 1, width = 2; ; first += width, width *= 2) yield* search.whole(first, first + width - 1);
}

/** What each group of equal ballots has left, in parts: at least that if `up`, else at most. */
class Fund {
  constructor(electorate, share, parts, up) {
    Object.assign(this, { electorate, parts, up });
    this.left = new Float64Array(electorate.sizes.length).fill(this.rounded(share.n * BigInt(parts), share.d));
  }

  rounded(n, d) {
    return Number((this.up ? n + d - 1n : n) / d);
  }

  /** What a unit of gain costs now, in parts; null when the supporters cannot pay together. */
  price(project) {
    const { supporters, sizes, cost } = this.electorate, { groups, points, unit } = supporters.get(project), { left } = this;
    let need = cost(project) * this.parts, units = 0, held = groups.map((_group, place) => place);
    for (const place of held) units += points[place] * sizes[groups[place]];
    while (units) {
      const rich = [], short = need, over = units;
      for (const place of held) {
        const value = left[groups[place]];
        if (value * over < short * points[place]) {
          need -= value * sizes[groups[place]];
          units -= points[place] * sizes[groups[place]];
        } else rich.push(place);
      }
      if (rich.length === held.length) return { n: BigInt(need), d: BigInt(units) * unit };
      held = rich;
    }
    return null;
  }

  /** Take a price for a unit of gain from the supporters of a project, or all that they have. */
  pay(project, { n, d }) {
    const { groups, points, unit } = this.electorate.supporters.get(project), { left } = this, asked = new Map();
    for (const gain of new Set(points)) {
      const whole = n * unit * BigInt(gain);
      asked.set(gain, Number(this.up ? whole / d : (whole + d - 1n) / d));
    }
    groups.forEach((group, place) => { left[group] = Math.max(left[group] - asked.get(points[place]), 0); });
  }

  /** Pay for projects that were taken with less, so that they can be paid with this. */
  replay(taken) {
    for (const project of taken) this.pay(project, this.price(project));
    return this;
  }
}

const atLeast = (price) => (Number(price.n) / Number(price.d)) * (1 - SLACK);
const atMost = (price) => (Number(price.n) / Number(price.d)) * (1 + SLACK);

/** The count at the last step of a stretch: what is taken, in order, and by what each other costs at least. */
class Rich {
  constructor(fund, taken, free, barred, waiting) {
    Object.assign(this, { fund, taken, free, barred, waiting });
  }

  copy(fund) {
    return new Rich(fund, [...this.taken], this.free, new Set(this.barred), [...this.waiting]);
  }

  /** Projects with their prices now, out of those that wait: nothing left there costs as little as the first. */
  cheapest() {
    const looked = [];
    let best = Infinity;
    this.look((least) => least <= best, (found) => {
      looked.push(found);
      best = Math.min(best, atMost(found[0]));
    });
    return looked.sort((a, b) => compare(a[0], b[0]));
  }

  /** Take from those that wait, in order, as long as `more` likes the next; `found` may answer true to end it. */
  look(more, found) {
    let at = 0;
    for (let ended = false; !ended && at < this.waiting.length && more(this.waiting[at][0]); at += 1) {
      const project = this.waiting[at][1], price = this.barred.has(project) ? null : this.fund.price(project);
      if (price !== null) ended = found([price, project]) === true;
    }
    this.waiting.splice(0, at);
  }

  putBack(looked) {
    for (const [price, project] of looked) {
      const least = atLeast(price);
      let low = 0, high = this.waiting.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.waiting[middle][0] < least) low = middle + 1;
        else high = middle;
      }
      this.waiting.splice(low, 0, [least, project]);
    }
  }
}

class Stretches {
  constructor(electorate, share, step) {
    Object.assign(this, { electorate, share, step });
    this.groups = new Map([...electorate.supporters].map(([id, who]) => [id, new Set(who.groups)]));
  }

  at(raised) {
    return add(this.share, fraction(BigInt(raised) * BigInt(this.step)));
  }

  exact(raised) {
    return [raised, equalShares(this.electorate, this.at(raised)).bought.map((one) => one.project)];
  }

  /** The parts of a hundredth, a power of two, with which every sum stays exact at a share; 0 where none does. */
  parts(share) {
    const { supporters, sizes, cost } = this.electorate, highest = Number(share.n / share.d + 1n);
    let most = 1;
    for (const [id, { groups, points }] of supporters) {
      let units = 0, gain = 0;
      groups.forEach((group, place) => {
        units += points[place] * sizes[group];
        gain = Math.max(gain, points[place]);
      });
      most = Math.max(most, highest * units, cost(id) * gain);
    }
    return most < EXACT / 4 ? 2 ** Math.floor(Math.log2(EXACT / 4 / most)) : 0;
  }

  /** The stretches from one step to another, counted from the beginning. */
  * whole(first, last) {
    const parts = this.parts(this.at(last));
    if (!parts) {
      for (let raised = first; raised <= last; raised += 1) yield this.exact(raised);
      return;
    }
    const { free, barred, waiting } = this.electorate.begin();
    const entries = waiting.map(([{ n, d }, id]) => [atLeast({ n: n * BigInt(parts), d }), id]);
    const fund = new Fund(this.electorate, this.at(last), parts, true);
    const rich = new Rich(fund, free.map((one) => one.project), free.length, barred, entries);
    yield* this.between(first, last, this.poor(first, fund, []), rich);
  }

  poor(raised, { parts }, paid) {
    return new Fund(this.electorate, this.at(raised), parts, false).replay(paid);
  }

  /** Go on as long as all steps from first to last take the same project, then cut; `poor` is at the first. */
  * between(first, last, poor, rich) {
    while (!this.electorate.full(rich.taken)) {
      const looked = rich.cheapest();
      if (!looked.length) break;
      const [price] = looked[0], equal = looked.filter(([its]) => compare(its, price) === 0).map(([, id]) => id);
      const project = this.electorate.choose(equal.sort(inOrder))[0], most = poor.price(project);
      if (most === null || !this.sure(project, most, looked, rich)) {
        rich.putBack(looked);
        yield* this.cut(first, last, rich);
        return;
      }
      rich.putBack(looked.filter(([, id]) => id !== project));
      rich.fund.pay(project, price);
      poor.pay(project, most);
      rich.taken.push(project);
      for (const other of this.electorate.bar(project)) rich.barred.add(other);
    }
    yield [first, rich.taken];
  }

  /** Both halves of a stretch: what was sure of the whole is sure of each. A single step is counted. */
  * cut(first, last, rich) {
    if (first === last) {
      yield this.exact(first);
      return;
    }
    const middle = Math.floor((first + last) / 2), paid = rich.taken.slice(rich.free), { fund } = rich;
    const half = rich.copy(new Fund(this.electorate, this.at(middle), fund.parts, true).replay(paid));
    yield* this.between(first, middle, this.poor(first, fund, paid), half);
    yield* this.between(middle + 1, last, this.poor(middle + 1, fund, paid), rich);
  }

  /** True when a project that costs `most` at most comes before all that touch it; adds to `looked`. */
  sure(project, most, looked, rich) {
    const first = (one) => this.mayComeFirst(one, project, most, rich.fund);
    if (looked.some(first)) return false;
    const limit = atMost(most);
    let found = false;
    rich.look((least) => least <= limit, (one) => {
      looked.push(one);
      found = first(one);
      return found;
    });
    return !found;
  }

  /** True when another project, at its price or more, may be taken before this one and that may matter. */
  mayComeFirst([price, other], project, most, { left }) {
    if (other === project) return false;
    const against = compare(price, most);
    if (against > 0) return false;
    if (against === 0 && this.electorate.choose([project, other].sort(inOrder))[0] === project) return false;
    if (this.electorate.most !== null || this.electorate.bar(project).includes(other)) return true;
    const mine = this.groups.get(project), its = this.groups.get(other);
    const [few, many] = mine.size < its.size ? [mine, its] : [its, mine];
    for (const group of few) if (many.has(group) && left[group]) return true;
    return false;
  }
}
