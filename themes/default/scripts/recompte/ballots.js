// Ballots: which of them count and why not, what each gives to whom, and their sums.

export const VOID = [
  "blank", "unknown", "repeated", "exclusive", "too_many", "too_few", "points", "over_budget",
  "illegible", "marked", "envelope", "other",
];

/** Text in the order of its code points, as the count of the town has it; JavaScript compares halves of them. */
export function inOrder(a, b) {
  const length = Math.min(a.length, b.length);
  for (let n = 0; n < length; n += 1) {
    const gap = place(a.charCodeAt(n)) - place(b.charCodeAt(n));
    if (gap) return gap;
  }
  return a.length - b.length;
}

const place = (unit) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** The valid ballots and the number of void ones by reason; every ballot is in one or the other. */
export function judge(box, rule, contest) {
  const valid = [], found = {};
  for (const ballot of box.ballots) {
    const reason = fault(ballot, rule, contest);
    if (reason) found[reason] = (found[reason] || 0) + ballot.times;
    else valid.push(ballot);
  }
  for (const total of box.totals)
    for (const [reason, number] of Object.entries(total.void)) found[reason] = (found[reason] || 0) + number;
  const told = {};
  for (const reason of VOID) if (found[reason]) told[reason] = found[reason];
  return { valid, void: told, totals: box.totals };
}

function fault(ballot, rule, contest) {
  const paper = rule.paper, choices = ballot.choices, known = contest.byId;
  if (ballot.void) return VOID.includes(ballot.void) ? ballot.void : "other";
  if (!choices.length) return "blank";
  if (choices.some((choice) => !known.has(choice))) return "unknown";
  const different = new Set(choices);
  if (different.size !== choices.length) return "repeated";
  if (rule.exclusives.some((one) => one.void_ballots && one.projects.filter((id) => different.has(id)).length > 1))
    return "exclusive";
  if (paper.maximum !== null && choices.length > paper.maximum) return "too_many";
  if (choices.length < paper.minimum) return "too_few";
  if (paper.kind === "points" && illSpread(ballot, paper)) return "points";
  if (paper.kind === "budget") {
    const limit = paper.budget === null ? contest.budget : paper.budget;
    if (choices.reduce((sum, choice) => sum + known.get(choice).cost, 0) > limit) return "over_budget";
  }
  return "";
}

function illSpread(ballot, paper) {
  const points = ballot.points, sum = points.reduce((all, one) => all + one, 0);
  return points.length !== ballot.choices.length || Math.min(...points) < 1
    || (paper.points_each !== null && Math.max(...points) > paper.points_each)
    || (paper.points_most !== null && sum > paper.points_most) || sum < paper.points_least;
}

/** The points that a ballot gives, one number for each of its choices: as written, by rank, or one each. */
export function pointsOf(ballot, rule) {
  const { kind, first_points: first, maximum } = rule.paper;
  if (kind === "points") return ballot.points;
  if (kind !== "ranking") return ballot.choices.map(() => 1);
  const most = first || maximum || ballot.choices.length;
  return ballot.choices.map((_choice, rank) => Math.max(most - rank, 0));
}

export const alike = (rule) => rule.paper.kind === "approval" || rule.paper.kind === "budget";

/** Votes and points of each project over all ballots, or over those that `accepts` takes. */
export function tally(judged, rule, accepts = null) {
  const votes = new Map(), equal = alike(rule), points = equal ? votes : new Map();
  const give = (sums, id, number) => sums.set(id, (sums.get(id) || 0) + number);
  let voters = 0;
  for (const ballot of judged.valid) {
    if (accepts && !accepts(ballot)) continue;
    voters += ballot.times;
    for (const choice of ballot.choices) give(votes, choice, ballot.times);
    if (!equal) pointsOf(ballot, rule).forEach((given, n) => give(points, ballot.choices[n], given * ballot.times));
  }
  if (!accepts) for (const total of judged.totals) {
    for (const [id, number] of Object.entries(total.votes)) give(votes, id, number);
    if (!equal) for (const [id, number] of Object.entries(total.points)) give(points, id, number);
    voters += total.valid;
  }
  return { votes, points, voters };
}
