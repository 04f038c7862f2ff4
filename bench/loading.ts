// How long a cold start takes until all functions are registered, against a hello world that is bundled and loaded alike.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from '../local/bundle.ts';

const rounds = 15;

/** Imports a file as Azure's worker does, which runs before it knows the app, and prints how many milliseconds that took. */
const worker = `
const Module = require('node:module');
const core = { version: '3.0.0', setProgrammingModel() {}, registerFunction() {}, registerHook() {}, log() {} };
const original = Module.prototype.require;
Module.prototype.require = function (id) { return id === '@azure/functions-core' ? core : original.call(this, id); };
const start = performance.now();
import(process.argv[1]).then(() => console.log(performance.now() - start));
`;

/** The median over rounds in which both are loaded, each in a process of its own. */
export async function loadingAgainstHelloWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'keeper-bench-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await bundle(fileURLToPath(new URL('../functions/main.ts', import.meta.url)), join(folder, 'ours'));
    await bundle(fileURLToPath(new URL('helloWorld.ts', import.meta.url)), join(folder, 'theirs'));
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const ours = await load(join(folder, 'ours/functions/main.js'));
      ratios.push(ours / (await load(join(folder, 'theirs/functions/helloWorld.js'))));
    }
    const ratio = ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
    const [what, against] = ['loading all functions of the bundle', 'a hello-world function'];
    return [{ what, against, ratio, mustReach: 1.5, direction: 'atMost' as const }];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function load(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', worker, file]);
  return Number(stdout);
}
