// Makes the programs that take packages from npm. Each is a folder `scripts/<name>/` with an index.js and, where it
// has a look of its own, a <name>.css; what comes out is <name>.js and <name>.css, never committed.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

// The site's programs are modules that its scripts import; the office's are plain scripts that a page loads deferred.
const BUNDLES = [
  { from: "default/scripts", to: "default/bundled", format: "esm" },
  { from: "office/scripts", to: "../backoffice/static/bundled", format: "iife" },
];

for (const { from, to, format } of BUNDLES) {
  const entries = [];
  for (const name of readdirSync(from)) {
    for (const file of ["index.js", `${name}.css`]) {
      const path = `${from}/${name}/${file}`;
      if (existsSync(path)) entries.push({ in: path, out: name });
    }
  }
  const { metafile } = await build({
    entryPoints: entries,
    outdir: to,
    bundle: true,
    minify: true,
    format,
    target: "es2020",
    loader: { ".png": "dataurl" },
    logLevel: "warning",
    metafile: true,
  });
  const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
  for (const name of existsSync(to) ? readdirSync(to) : []) {
    if (!made.has(name)) rmSync(`${to}/${name}`); // a program that is no more leaves nothing behind
  }
}
