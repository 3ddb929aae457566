// Where a count stands: who has won, what keeps a project out, how projects rank and how ties are decided.

import { inOrder } from "./ballots.js";
import { drawn } from "./draw.js";
import { compare, fraction } from "./fractions.js";

export const WINNING = new Set(["won", "won_part", "hand_win"]);

export class Standing {
  constructor(rule, contest) {
    this.rule = rule;
    this.contest = contest;
    this.paid = new Map();
    this.out = new Map(rule.decisions.filter((one) => !one.wins).map((one) => [one.project, ["hand_lose", one.reason]]));
    if (rule.cost_cap !== null)
      for (const one of contest.projects)
        if (one.cost > rule.cost_cap && !this.out.has(one.id)) this.out.set(one.id, ["over_cap", ""]);
    this.drawn = new Map();
    this.owned = new Map();
    if (rule.one_win_per_owner)
      for (const one of contest.projects)
        if (one.owner) this.owned.set(one.owner, [...(this.owned.get(one.owner) || []), one.id]);
  }

  /** [reason, project] for each project that cannot win besides this one. */
  rivals(project) {
    const found = [];
    for (const set of this.rule.exclusives)
      if (set.projects.includes(project))
        for (const other of [...set.projects].sort(inOrder)) if (other !== project) found.push(["exclusive", other]);
    for (const other of this.owned.get(this.contest.byId.get(project).owner) || [])
      if (other !== project) found.push(["owner", other]);
    return found;
  }

  obstacle(project, winners) {
    return this.rivals(project).find(([, other]) => winners.has(other)) || ["", ""];
  }

  /** The votes (or points) that a project needs in a group. */
  least(group, counts) {
    const { threshold, threshold_share: share } = this.rule;
    const own = group.round.threshold === null ? threshold : group.round.threshold;
    return Math.max(own, Math.ceil((counts.voters * share) / 100));
  }

  reaches(project, group, counts) {
    const got = this.rule.threshold_on === "points" ? counts.points : counts.votes;
    return (got.get(project) || 0) >= this.least(group, counts);
  }

  /** Projects in the order of the rule, each with the tie that it was in (null when it was alone). */
  ranking(projects, counts) {
    const scores = new Map(projects.map((id) => [id, this.score(id, counts)]));
    const falling = [...projects].sort((a, b) => -against(scores.get(a), scores.get(b)));
    const told = [];
    for (let at = 0; at < falling.length; ) {
      let end = at + 1;
      while (end < falling.length && against(scores.get(falling[at]), scores.get(falling[end])) === 0) end += 1;
      told.push(...this.ordered(falling.slice(at, end), counts));
      at = end;
    }
    return told;
  }

  score(project, counts) {
    if (this.rule.order === "points") return counts.points.get(project) || 0;
    const votes = counts.votes.get(project) || 0;
    if (this.rule.order === "votes") return votes;
    const cost = this.contest.byId.get(project).cost;
    if (!votes) return fraction(0n);
    return cost ? fraction(BigInt(votes), BigInt(cost)) : null; // without a cost: before all others
  }

  /** Equal projects in order, as [project, tie]. A draw whose seed is not known decides nothing, nor what follows. */
  ordered(equal, counts) {
    const { ties, seed } = this.rule;
    const keys = new Map(equal.map((id) => [id, this.key(id, counts)]));
    const order = [...equal].sort((a, b) => firstDifference(keys.get(a), keys.get(b)));
    if (order.length === 1) return [[order[0], null]];
    const draw = ties.indexOf("draw"), known = !seed && draw >= 0 ? draw : ties.length;
    const same = (a, b) => keys.get(a).slice(0, known).every((value, n) => value === keys.get(b)[n]);
    return order.map((project, place) => {
      const level = order.filter((other) => same(project, other));
      if (level.length > 1) return [project, { projects: level, by: "" }];
      const mine = keys.get(project), other = keys.get(place ? order[place - 1] : order[1]);
      return [project, { projects: order, by: ties.find((_one, n) => mine[n] !== other[n]) }];
    });
  }

  /** One value for each criterion, smaller first; the last is the identifier, which no rule named. */
  key(project, counts) {
    const values = {
      votes: () => -(counts.votes.get(project) || 0),
      points: () => -(counts.points.get(project) || 0),
      cheapest: () => this.contest.byId.get(project).cost,
      dearest: () => -this.contest.byId.get(project).cost,
      draw: () => (this.rule.seed ? this.number(project) : ""),
      id: () => project,
    };
    return [...this.rule.ties.map((criterion) => values[criterion]()), project];
  }

  number(project) {
    if (!this.drawn.has(project)) this.drawn.set(project, drawn(this.rule.seed, project));
    return this.drawn.get(project);
  }
}

function against(a, b) {
  if (typeof a === "number") return a - b;
  if (a === null || b === null) return (a === null) - (b === null);
  return compare(a, b);
}

function firstDifference(a, b) {
  for (let n = 0; n < a.length; n += 1) {
    const gap = typeof a[n] === "number" ? a[n] - b[n] : inOrder(a[n], b[n]);
    if (gap) return gap;
  }
  return 0;
}
