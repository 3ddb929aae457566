// Equal shares as a method of a rule: clauses, ties, completion of what is left, comparison with the order of votes.

import { alike, pointsOf } from "./ballots.js";
import { add, fraction, written } from "./fractions.js";
import { greedy } from "./greedy.js";
import { accepts } from "./groups.js";
import { stretches } from "./raising.js";
import { Electorate, equalShares } from "./shares.js";
import { WINNING } from "./standing.js";

/** The ballots of a group, those that say the same as one, and who supports which project. */
function supportsOf(standing, field, judged, projects) {
  const only = accepts(field.group), members = new Set(field.group.projects);
  const whole = field.group.round.by === "whole", equal = alike(standing.rule), found = new Map();
  for (const ballot of judged.valid) {
    if (only && !only(ballot)) continue;
    const points = equal ? null : pointsOf(ballot, standing.rule), gives = [];
    ballot.choices.forEach((choice, n) => {
      if (members.has(choice) && (equal || points[n])) gives.push([choice, equal ? 1 : points[n]]);
    });
    if (!whole && !gives.length) continue;
    const key = equal ? gives.map(([id]) => id).join("\n") : gives.map(([id, n]) => `${id} ${n}`).sort().join("\n");
    const known = found.get(key);
    if (known) known.size += ballot.times;
    else found.set(key, { gives, size: ballot.times });
  }
  const groups = [...found.values()], sizes = groups.map((one) => one.size);
  const supporters = new Map([...projects].sort().map((id) => [id, { groups: [], points: [] }]));
  groups.forEach(({ gives }, number) => gives.forEach(([id, points]) => {
    const who = supporters.get(id);
    if (who) {
      who.groups.push(number);
      who.points.push(points);
    }
  }));
  for (const [id, who] of supporters) {
    const cost = standing.contest.byId.get(id).cost;
    const unit = standing.rule.satisfaction === "cost" ? BigInt(cost || 1) : 1n;
    const same = who.points.every((points) => points === who.points[0]);
    who.unit = unit;
    who.gain = unit * BigInt(same && who.points.length ? who.points[0] : 1);
    who.gains = same ? null : who.points.map((points) => unit * BigInt(points));
  }
  return { groups, sizes, voters: sizes.reduce((sum, one) => sum + one, 0), supporters };
}

/** The steps of one group, among how many ballots its money was shared, how often shares were raised. */
export function shared(standing, field, judged) {
  const { rule } = standing;
  const able = field.projects.filter(
    (id) => standing.reaches(id, field.group, field.counts) && !standing.obstacle(id, standing.paid)[0],
  );
  const supports = supportsOf(standing, field, judged, able);
  if (!supports.voters) return { steps: told(standing, field, { bought: [], available: new Map() }), voters: 0, raised: 0, note: "" };
  const { outcome, raised } = completed(standing, field, supports);
  let steps = told(standing, field, outcome);
  if (rule.completion === "utilitarian" || rule.completion === "add1u") {
    const won = steps.filter((step) => WINNING.has(step.reason));
    steps = [...won, ...greedy(standing, field, won, "utilitarian")];
  }
  if (rule.comparison) {
    const other = greedy(standing, field);
    if (preferred(supports, gains(standing, other), gains(standing, steps)) > 0)
      return { steps: other, voters: supports.voters, raised, note: "greedy_preferred" };
  }
  return { steps, voters: supports.voters, raised, note: "" };
}

function gains(standing, steps) {
  const byCost = standing.rule.satisfaction === "cost";
  return new Map(steps.filter((step) => WINNING.has(step.reason)).map((step) => [step.project, BigInt(byCost ? step.cost : 1)]));
}

/** How many ballots more gain by the first winners than by the second. */
function preferred(supports, first, second) {
  let balance = 0;
  for (const { gives, size } of supports.groups) {
    let gain = 0n;
    for (const [id, points] of gives) gain += BigInt(points) * ((first.get(id) || 0n) - (second.get(id) || 0n));
    balance += size * ((gain > 0n) - (gain < 0n));
  }
  return balance;
}

/** The outcome, raised step by step where the rule says so, and how often it was raised. */
function completed(standing, field, supports) {
  const { rule, contest } = standing;
  const choose = (equal) => standing.ordered(equal, field.counts)[0];
  const bar = (id) => standing.rivals(id).map(([, other]) => other);
  const cost = (id) => contest.byId.get(id).cost;
  const electorate = new Electorate(cost, supports.supporters, supports.sizes, choose, bar, field.seats);
  const share = fraction(BigInt(field.allowance), BigInt(supports.voters));
  const raises = ["add1", "add1u"].includes(rule.completion) && rule.step > 0;
  const raised = raises ? raisedBy(standing, field, electorate, share) : 0;
  const last = add(share, fraction(BigInt(raised) * BigInt(rule.step)));
  return { outcome: equalShares(electorate, last), raised };
}

/** How often shares are raised: while a project may still win and the winners do not cost too much. */
function raisedBy(standing, field, electorate, share) {
  const supported = [...electorate.supporters].filter(([, who]) => who.groups.length).map(([id]) => id);
  for (const [raised, winners] of stretches(electorate, share, standing.rule.step)) {
    const left = winners.reduce((rest, id) => rest - electorate.cost(id), field.allowance);
    if (left < 0) return raised - 1;
    if (!moreCanWin(new Set(winners), left, supported, electorate, standing)) return raised;
  }
}

function moreCanWin(winners, left, supported, electorate, standing) {
  if (electorate.most !== null && winners.size >= electorate.most) return false;
  return supported.some((id) => !winners.has(id) && (electorate.cost(id) <= left || standing.rule.raise_to_the_end)
    && !standing.obstacle(id, winners)[0]);
}

function told(standing, field, outcome) {
  const { group, counts } = field, winners = new Set(standing.paid.keys()), steps = [];
  let left = field.allowance;
  const step = (project, reason, more = {}) => steps.push({
    round: group.round.id, group: group.key, project, reason, rank: steps.length + 1,
    votes: counts.votes.get(project) || 0, points: counts.points.get(project) || 0,
    cost: standing.contest.byId.get(project).cost, left, paid: 0, other: "", tie: null, share: "", available: 0,
    needed: 0, note: "", ...more,
  });
  for (const { project, price, tie } of outcome.bought) {
    const { cost } = standing.contest.byId.get(project);
    step(project, "won", { paid: cost, tie, share: written(price) });
    winners.add(project);
    left -= cost;
  }
  const full = field.seats !== null && outcome.bought.length >= field.seats;
  for (const [project] of standing.ranking(field.projects.filter((id) => !winners.has(id)), counts)) {
    let [reason, other] = standing.obstacle(project, winners);
    if (!standing.reaches(project, group, counts)) [reason, other] = ["threshold", ""];
    else if (!reason) reason = full ? "winners" : "support";
    const together = outcome.available.get(project) || fraction(0n);
    step(project, reason, {
      other,
      available: reason === "support" ? Number(together.n / together.d) : 0,
      needed: reason === "threshold" ? standing.least(group, counts) : 0,
    });
  }
  return steps;
}
