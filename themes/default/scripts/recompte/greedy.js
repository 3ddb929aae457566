// Winners in the order of votes: each project in turn, as long as it fits into what is left.

import { WINNING } from "./standing.js";

/** The steps of a group; `won` are those of winners found before by another method, whose money is spent. */
export function greedy(standing, field, won = [], note = "") {
  const { rule, contest } = standing, { group, counts } = field;
  const winners = new Set([...standing.paid.keys(), ...won.map((step) => step.project)]);
  let left = field.allowance - won.reduce((sum, step) => sum + step.paid, 0);
  let seats = field.seats === null ? null : field.seats - won.length;
  const fit = group.round.fit || rule.fit, steps = [];
  let stoppedBy = "", place = won.length;
  for (const [project, tie] of standing.ranking(field.projects.filter((id) => !winners.has(id)), counts)) {
    const cost = contest.byId.get(project).cost, [obstacle, rival] = standing.obstacle(project, winners);
    let reason = "won", other = "", paid = cost;
    place += 1;
    if (!standing.reaches(project, group, counts)) reason = "threshold";
    else if (obstacle) [reason, other] = [obstacle, rival];
    else if (seats !== null && seats <= 0) reason = "winners";
    else if (stoppedBy) [reason, other] = ["stopped", stoppedBy];
    else if (cost > left) {
      reason = "money";
      if (fit !== "skip") stoppedBy = project;
      if (fit === "part" && left > 0 && BigInt(left) * 100n >= BigInt(cost) * BigInt(rule.part_minimum))
        [reason, paid] = ["won_part", left];
    }
    if (!WINNING.has(reason)) paid = 0;
    steps.push({
      round: group.round.id, group: group.key, project, reason, rank: place,
      votes: counts.votes.get(project) || 0, points: counts.points.get(project) || 0,
      cost, left, paid, other, tie, share: "", available: 0,
      needed: reason === "threshold" ? standing.least(group, counts) : 0, note,
    });
    if (WINNING.has(reason)) {
      winners.add(project);
      left -= paid;
      if (seats !== null) seats -= 1;
    }
  }
  return steps;
}
