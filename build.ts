// npm run build: bundles functions/main.ts into dist/, with chunks for what functions load when they are first called.
import { readdir, rm } from 'node:fs/promises';
import { bundle } from './local/bundle.ts';
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
const { files, bytes } = await bundle('functions/main.ts', folder);
console.log(`${folder}: ${files} files, ${(bytes / 1024 / 1024).toFixed(1)} MB`);
