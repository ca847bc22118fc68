// Builds the pages into dist/: files with their content's hash in the name, and the one page that names them.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const here = new URL(".", import.meta.url).pathname;
const dist = `${here}dist`;

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts", "src/theme.css", "src/icon.svg"],
  outdir: "dist/assets",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  loader: { ".svg": "copy" },
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const named = {};
for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) named[basename(entryPoint)] = `/assets/${basename(file)}`;
}
const page = await readFile(`${here}src/index.html`, "utf8");
const filled = page.replace(/\{\{([a-z.]+)\}\}/g, (_, name) => named[name]);
await writeFile(`${dist}/index.html`, filled);
