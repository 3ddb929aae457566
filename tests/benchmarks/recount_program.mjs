// Counts one recount package again; fails when the result is not the one in it.
import { readFileSync } from "node:fs";
import { recount } from "../../themes/default/scripts/recompte/work.js";

const { changed, difference } = recount(new Uint8Array(readFileSync(process.argv[2])));
if (changed.length || difference) throw new Error(`not the same result: ${changed} ${difference}`);
