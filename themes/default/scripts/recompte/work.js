// The recount itself: from the bytes of a package to what a page says of it. Knows neither page nor network.

import { count } from "./count.js";
import { drawn } from "./draw.js";
import { WINNING } from "./standing.js";
import { changed, difference, opened, unzip } from "./package.js";

/** `tell(stage, part)` is called as the work goes on. Gives { changed } or { result, difference, rows, money, ballots }. */
export function recount(bytes, tell = () => {}) {
  tell("reading", 0.05);
  const files = unzip(bytes);
  for (const name of ["rule.json", "projects.json", "result.json", "SHA256SUMS"])
    if (!files.has(name)) throw new Error(`no ${name}`);
  tell("checking", 0.15);
  const others = changed(files);
  if (others.length) return { changed: others };
  tell("reading", 0.3);
  const { rule, contest, box, expected } = opened(files);
  tell("counting", 0.5);
  const result = count(rule, contest, box, (part) => tell("counting", 0.5 + 0.4 * part));
  tell("comparing", 0.95);
  return { changed: [], result, difference: difference(result, expected), currency: contest.currency, rows: rows(rule, contest, result) };
}

/** One row for each project: what settled it, and the number that it drew where a draw did. */
function rows(rule, contest, result) {
  const won = new Set(result.winners), settled = new Map();
  for (const step of result.steps) // the step at which it won, else its last
    if (!WINNING.has((settled.get(step.project) || step).reason) || !settled.has(step.project)) settled.set(step.project, step);
  const points = rule.order === "points";
  return contest.projects
    .map((one) => {
      const step = settled.get(one.id), tie = step.tie || null;
      return {
        id: one.id, title: one.title || one.id, votes: result.votes[one.id], points: points ? result.points[one.id] : null,
        reason: step.reason, won: won.has(one.id), drawn: tie && tie.by === "draw" ? drawn(rule.seed, one.id) : "",
      };
    })
    .sort((a, b) => b.won - a.won || (points ? b.points - a.points : b.votes - a.votes) || (a.id < b.id ? -1 : 1));
}
