// Builds the components' story pages into stories/; with --serve hands them out at /dev/components.

import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { build, context } from "esbuild";

const here = new URL(".", import.meta.url).pathname;
const out = `${here}stories`;
const PAGE = `<!doctype html>
<html lang="ja">
  <head>
    <meta charset="utf-8" />
    <title>components</title>
    <link rel="stylesheet" href="/theme.css" />
    <script type="module" src="/components.js"></script>
  </head>
  <body></body>
</html>
`;
const options = {
  absWorkingDir: here,
  entryPoints: ["src/dev/components.ts", "src/theme.css"],
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
};

await rm(out, { recursive: true, force: true });
await mkdir(`${out}/dev/components`, { recursive: true });
await writeFile(`${out}/dev/components/index.html`, PAGE);
await cp(`${here}src/icon.svg`, `${out}/favicon.ico`);
if (process.argv.includes("--serve")) {
  const { port } = await (await context(options)).serve({ servedir: out, host: "127.0.0.1" });
  console.log(`http://127.0.0.1:${port}/dev/components/`);
} else {
  await build(options);
}
