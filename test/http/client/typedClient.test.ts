// Whether a client that is made of /api/openapi.json is one that a team can write against, by the generator that most use.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Some two seconds alone; a busy machine takes longer. */
const maxMilliseconds = 30_000;

it('a client made by openapi-typescript and openapi-fetch type-checks strictly', {
  timeout: maxMilliseconds,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keeper-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const generated = await run(process.execPath, [here('generateTypes.ts')], { maxBuffer: 10_000_000 });
  await writeFile(join(folder, 'keeper.ts'), generated.stdout);
  await copyFile(here('client.txt'), join(folder, 'client.ts'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const strict = ['strict', 'exactOptionalPropertyTypes', 'noUncheckedIndexedAccess', 'noUnusedLocals'];
  const compilerOptions = {
    ...Object.fromEntries(strict.map((one) => [one, true])),
    target: 'es2024',
    lib: ['es2024', 'dom'],
    module: 'nodenext',
    types: [],
    noEmit: true,
    allowImportingTsExtensions: true,
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['client.ts'] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const checked = await run(process.execPath, [tsc, '--project', folder]).catch((error: { stdout: string }) => error);
  expect(checked.stdout).toBe('');
});
