// Counts votes by the JavaScript of the site. Standard input has one JSON object a line: either rule, contest and box, or
// `package` with the bytes of a package in base 64. Standard output is the list of the results.
import { readFileSync } from "node:fs";
import { count } from "../../../themes/default/scripts/recompte/count.js";
import { recount } from "../../../themes/default/scripts/recompte/work.js";

const found = [];
for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const asked = JSON.parse(line);
  if (asked.package) {
    const { result, difference, changed } = recount(new Uint8Array(Buffer.from(asked.package, "base64")));
    found.push({ result, difference, changed });
  } else {
    const box = {
      ballots: asked.ballots.map(([choices, points, zone, youth, reason, times]) => ({ choices, points, zone, youth, void: reason, times })),
      totals: asked.totals,
    };
    found.push(count(asked.rule, asked.contest, box));
  }
}
process.stdout.write(JSON.stringify(found));
