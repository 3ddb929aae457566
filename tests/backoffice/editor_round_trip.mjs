// Texts (a JSON list on standard input) through the visual editor's reader and writer; answers go to standard output.
import { readFileSync } from "node:fs";
import { read } from "../../themes/office/scripts/editor/reading.js";
import { faithful, write } from "../../themes/office/scripts/editor/writing.js";
import { schema } from "../../themes/office/scripts/editor/schema.js";

const added = schema.nodes.paragraph.create(null, [schema.text("Fin.")]);

function answer(text) {
  const origin = read(text);
  if (origin.why || !faithful(origin)) return { why: origin.why || "other" };
  const more = origin.doc.copy(origin.doc.content.addToEnd(added));
  return { untouched: write(origin.doc, origin), rewritten: write(origin.doc), longer: write(more, origin) };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(answer)));
