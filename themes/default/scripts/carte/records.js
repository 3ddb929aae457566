// The records of a catalogue, from the same files that its filters read: see site_builder/facts.py.

/** What the codes mean, with `records`: those of all editions. */
export async function read(folder) {
  const known = await fetched(`${folder}filtres/filtres.json`);
  const parts = await Promise.all(known.files.map(async ([edition, file]) => {
    const rows = await fetched(`${folder}filtres/${file}`);
    return rows.map((row) => ({
      id: row[0], title: row[1], zone: row[3], theme: row[4], state: row[5], x: row[8], y: row[9], edition,
      stage: (known.states[row[5]] || [])[1] || "",
    }));
  }));
  known.records = parts.flat();
  return known;
}

/** The records of one value of a facet; all of them without a facet. */
export function filtered(known, facet, value) {
  return facet ? known.records.filter((one) => one[facet] === value) : known.records;
}

async function fetched(address) {
  const answer = await fetch(new URL(address, document.baseURI), { cache: "no-cache" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}
