// The count: ballots judged, rounds one after the other, decisions taken by hand, every step told. Amounts are whole
// hundredths, prices exact fractions. The same as participation/counting, step by step; docs/reference/counting.md
// says what both do.

import { inOrder, judge, tally } from "./ballots.js";
import { shared } from "./equal.js";
import { greedy } from "./greedy.js";
import { accepts, Purse } from "./groups.js";
import { Standing, WINNING } from "./standing.js";

/** The result as `laureat count --json` prints it; `tell(part)` is called with how much is done, from 0 to 1. */
export function count(rule, contest, box, tell = () => {}) {
  const projects = [...contest.projects].sort((a, b) => inOrder(a.id, b.id));
  const single = rule.method !== "greedy" || rule.rounds.some((round) => round.voters !== "all");
  if (box.totals.length && single) throw new Error("totals");
  const known = { ...contest, projects, byId: new Map(projects.map((one) => [one.id, one])) };
  return new Count(rule, known, box, tell).run();
}

class Count {
  constructor(rule, contest, box, tell) {
    this.rule = rule;
    this.contest = contest;
    this.tell = tell;
    this.judged = judge(box, rule, contest);
    this.everybody = tally(this.judged, rule);
    this.standing = new Standing(rule, contest);
    this.purse = new Purse(rule, contest);
    this.handWins = new Set(rule.decisions.filter((one) => one.wins).map((one) => one.project));
    this.steps = [];
    this.groups = [];
    this.undecided = [];
  }

  run() {
    for (const id of [...this.standing.out.keys()].sort(inOrder))
      if (this.contest.byId.has(id)) this.outside(id, ...this.standing.out.get(id));
    const whole = this.purse.rounds.reduce((sum, one) => sum + one.groups.length, 0);
    this.purse.rounds.forEach(({ groups }, place) => groups.forEach((group, number) => {
      this.tell(this.groups.length / whole);
      this.group(group, this.purse.allowance(place, number, this.standing.paid));
    }));
    this.byHand();
    const told = new Set(this.steps.map((step) => step.project));
    for (const one of this.contest.projects) if (!told.has(one.id)) this.outside(one.id, "no_round");
    return this.result();
  }

  group(group, allowance) {
    const only = accepts(group), { standing, rule } = this;
    const counts = only ? tally(this.judged, rule, only) : this.everybody;
    let seats = group.round.winners;
    if (seats !== null && group.round.counts_earlier)
      seats = Math.max(seats - group.projects.filter((id) => standing.paid.has(id)).length, 0);
    const free = (id) => !standing.paid.has(id) && !standing.out.has(id) && !this.handWins.has(id);
    const field = { group, projects: group.projects.filter(free), counts, allowance, seats };
    const found = rule.method === "equal_shares"
      ? shared(standing, field, this.judged)
      : { steps: greedy(standing, field), voters: counts.voters, raised: 0, note: "" };
    let spent = 0;
    for (const step of found.steps) if (WINNING.has(step.reason)) {
      standing.paid.set(step.project, step.paid);
      spent += step.paid;
    }
    this.purse.spend(group.round.id, spent);
    this.steps.push(...found.steps);
    this.groups.push({
      round: group.round.id, group: group.key, allowance, spent, voters: found.voters, steps: found.raised, note: found.note,
    });
    this.notDecided(group, found.steps);
  }

  /** Ties that no criterion decided, where another order might give another result; each once. */
  notDecided(group, steps) {
    const settled = new Map(steps.map((step) => [step.project, step]));
    const part = (group.round.fit || this.rule.fit) === "part";
    for (const { tie, share } of steps) {
      if (!tie || tie.by) continue;
      const tied = tie.projects.map((id) => settled.get(id)).filter(Boolean), names = new Set(tie.projects);
      const differ = new Set(tied.map((step) => (WINNING.has(step.reason) ? step.reason : ""))).size > 1;
      const stopped = tied.some((step) => step.reason === "stopped" && names.has(step.other) && (part || step.cost <= step.left));
      if (!differ && !stopped && !(share && this.shareBallots(tied))) continue;
      if (!this.undecided.some((one) => one.projects.join("\n") === tie.projects.join("\n"))) this.undecided.push(tie);
    }
  }

  /** True when a ballot pays for two of these by equal shares: who comes first changes what it has left. */
  shareBallots(tied) {
    const names = new Set(tied.filter((step) => step.cost).map((step) => step.project));
    return this.judged.valid.some((ballot) => ballot.choices.filter((id) => names.has(id)).length > 1);
  }

  /** Projects that win by a decision, paid from what all rounds have left or from another budget. */
  byHand() {
    for (const one of this.rule.decisions) {
      const project = this.contest.byId.get(one.project);
      if (!one.wins || !project || this.standing.paid.has(one.project)) continue;
      if (!one.outside && project.cost > this.purse.left) {
        this.outside(one.project, "money");
        continue;
      }
      this.outside(one.project, "hand_win", one.outside ? "outside" : "", project.cost);
      if (!one.outside) this.purse.spend("", project.cost);
      this.standing.paid.set(one.project, project.cost);
    }
  }

  /** A step that belongs to no round. */
  outside(project, reason, note = "", paid = 0) {
    this.steps.push({
      round: "", group: "", project, reason, rank: 0,
      votes: this.everybody.votes.get(project) || 0, points: this.everybody.points.get(project) || 0,
      cost: this.contest.byId.get(project).cost, left: this.purse.left, paid,
      other: "", tie: null, share: "", available: 0, needed: 0, note,
    });
  }

  result() {
    const winning = this.steps.filter((step) => WINNING.has(step.reason));
    const spent = winning.reduce((sum, step) => sum + (step.note === "outside" ? 0 : step.paid), 0);
    const by = (sums) => Object.fromEntries(this.contest.projects.map(({ id }) => [id, sums.get(id) || 0]));
    return {
      budget: this.contest.budget, spent, left: this.contest.budget - spent,
      voters: this.everybody.voters, void: this.judged.void,
      votes: by(this.everybody.votes), points: by(this.everybody.points),
      winners: winning.map((step) => step.project), undecided: this.undecided, groups: this.groups,
      steps: this.steps.map((step) => Object.fromEntries(Object.entries(step).filter(([, value]) => value !== "" && value !== null))),
    };
  }
}
