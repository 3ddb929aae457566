// The groups of each round, and the money that each may spend. Money that comes later is kept for it.

import { inOrder } from "./ballots.js";

const percent = (whole, share) => Number((BigInt(whole) * BigInt(share)) / 100n);
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** Which ballots count in a group; null for all. */
export function accepts(group) {
  if (group.round.voters === "zone") return (ballot) => ballot.zone === group.key;
  if (group.round.voters === "youth") return (ballot) => ballot.youth;
  return null;
}

function groupsOf(round, contest) {
  const projects = contest.projects.filter((one) => takes(round, one));
  const members = new Map();
  if (round.by === "whole") members.set("", projects.map((one) => one.id));
  else {
    const own = round.by === "zone" ? round.zones : round.themes;
    for (const key of own.length ? own : round.by === "zone" ? contest.zones : contest.themes) members.set(key, []);
    for (const one of projects) {
      const key = round.by === "zone" ? one.zone : one.theme;
      if (key && members.has(key)) members.get(key).push(one.id);
    }
  }
  const groups = [...members].map(([key, ids]) => ({ round, key, projects: ids.sort(inOrder), own: own(round, key, contest) }));
  return groups.filter((group) => round.money !== "envelopes" || group.own !== null);
}

function takes(round, one) {
  return (round.among !== "zoned" || one.zone !== "") && (round.among !== "unzoned" || one.zone === "")
    && (!round.zones.length || round.zones.includes(one.zone))
    && (!round.themes.length || round.themes.includes(one.theme))
    && (!round.owners.length || round.owners.includes(one.owner_kind));
}

function own(round, key, contest) {
  if (round.money === "each") return round.amount;
  if (round.money !== "envelopes") return null;
  const zone = round.by === "zone" ? key : "", theme = round.by === "theme" ? key : "";
  const found = contest.envelopes.find((one) => one.zone === zone && one.theme === theme);
  return found ? found.amount : null;
}

/** All the money, and who may spend how much of it when. */
export class Purse {
  constructor(rule, contest) {
    this.left = contest.budget;
    this.budget = contest.budget;
    this.rounds = rule.rounds.map((round) => ({ round, groups: groupsOf(round, contest) }));
    this.spent = new Map();
  }

  spend(id, amount) {
    this.left -= amount;
    this.spent.set(id, (this.spent.get(id) || 0) + amount);
  }

  /** What group `number` of round `place` may spend now; `paid` is what the winners so far got. */
  allowance(place, number, paid) {
    const { round, groups } = this.rounds[place], group = groups[number];
    const later = this.rounds.map((_one, at) => at).filter((at) => at > place);
    const kept = sum(later.map((at) => this.claim(at, paid))) + sum(groups.slice(number + 1).map((one) => rest(one, paid)));
    const limits = [this.left - kept];
    if (group.own !== null) limits.push(rest(group, paid));
    const whole = this.whole(round), spent = this.spent.get(round.id) || 0;
    if (whole !== null) limits.push(whole - spent - earlier(round, groups, paid, spent));
    return Math.max(Math.min(...limits), 0);
  }

  whole(round) {
    if (round.money === "amount") return round.amount;
    return round.money === "share" ? percent(this.budget, round.share) : null;
  }

  /** What a round that has not begun has for itself. */
  claim(place, paid) {
    const { round, groups } = this.rounds[place], whole = this.whole(round);
    if (whole !== null) return Math.max(whole - earlier(round, groups, paid, 0), 0);
    return sum(groups.map((group) => rest(group, paid)));
  }
}

const paidIn = (group, paid) => sum(group.projects.map((id) => paid.get(id) || 0));

function rest(group, paid) {
  if (group.own === null) return 0;
  return Math.max(group.own - (group.round.counts_earlier ? paidIn(group, paid) : 0), 0);
}

function earlier(round, groups, paid, spent) {
  return round.counts_earlier ? sum(groups.map((group) => paidIn(group, paid))) - spent : 0;
}
