// npm run build: bundles functions/ into dist/, one entry per function over shared chunks, for Azure's Node.js worker.
import { readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { readArguments, refuse } from './local/commandLine.ts';

const usage = `npm run build -- [folder]
  folder   where the bundles go; dist when not given. What an earlier build left there is deleted`;

const command = { script: 'npm run build', usage, options: {}, allowPositionals: true } as const;
const folder = readArguments(command, ({ positionals: [folder = 'dist', ...more] }) => {
  if (folder !== '' && more.length === 0) return folder;
  throw new Error('Give one folder, or none.');
});
const left = await readdir(folder).catch((error: NodeJS.ErrnoException) =>
  error.code === 'ENOENT' ? [] : refuse(`${folder} can't be used: ${error.message}.`),
);
const foreign = left.find((name) => !['functions', 'chunks'].includes(name));
if (foreign !== undefined) {
  refuse(`${folder} holds ${foreign}, which no build made, and a build deletes what is there. Name another folder.`);
}
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
