// npm run build [folder]: bundles functions/ into dist/, one entry per function over shared chunks, for Azure's Node.js worker.
import { readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const folder = process.argv[2] ?? 'dist';
await rm(folder, { recursive: true, force: true });
const entryPoints = (await readdir('functions'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `functions/${file}`);
const { metafile } = await build({
  entryPoints,
  outdir: `${folder}/functions`,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  chunkNames: '../chunks/[name]-[hash]',
  // The worker injects this module, and through CommonJS require alone.
  external: ['@azure/functions-core'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: false,
  metafile: true,
  logLevel: 'warning',
});
const bytes = Object.values(metafile.outputs).reduce((total, output) => total + output.bytes, 0);
console.log(`${folder}: ${entryPoints.length} functions, ${(bytes / 1024 / 1024).toFixed(1)} MB`);
