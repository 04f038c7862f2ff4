// The code of another checkout beside that of now: when it is drawn to work, and where it is found.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { describeOptions } from './draw/describeOptions.ts';
import { type Beside, isByOther } from './draw/drawBeside.ts';
import { drawOptions } from './draw/drawOptions.ts';
import { createDraw } from './draw/seed.ts';
import { loadCode } from './world/host/besideOld.ts';
import { codeOfNow } from './world/host/code.ts';

const names = Object.keys(codeOfNow).toSorted();

it.each([1, 2, 3, 4, 5])('seed %i draws the same without one, and who works when with one', (seed) => {
  const options = drawOptions(seed, '/old');
  const { beside, ...others } = options;
  expect(describeOptions(options).join('\n')).toContain(`/old: ${beside?.kind}`);
  expect(drawOptions(seed)).toEqual({ ...others, beside: undefined });
  expect(beside?.spans.map(({ instance }) => instance)).toEqual([0, 1]);
  for (const { from, to } of beside?.spans ?? []) {
    expect(from).toBeGreaterThanOrEqual(others.startedAt);
    expect(to).toBeGreaterThanOrEqual(from);
    expect(to).toBeLessThanOrEqual(others.endAt);
  }
});

it.each([
  ['rolling upgrade', 0, 9, true],
  ['rolling upgrade', 0, 10, false],
  ['rolling upgrade', 1, 10, true],
  ['rollback', 1, 4, false],
] as const)('%s: instance %i at %i', (kind, instance, now, expected) => {
  const spans = [
    { instance: 0, from: 0, to: 10 },
    { instance: 1, from: 5, to: 20 },
  ];
  expect(isByOther({ path: '/old', kind, spans }, createDraw(1), instance, now)).toBe(expected);
});

it('does about half at random', () => {
  const beside: Beside = { path: '/old', kind: 'either at random', spans: [{ instance: 0, from: 0, to: 10 }] };
  const draw = createDraw(1);
  const done = Array.from({ length: 1000 }, () => isByOther(beside, draw, 0, 5)).filter((isOther) => isOther).length;
  expect(done).toBeGreaterThan(400);
  expect(done).toBeLessThan(600);
});

it('finds the code of this checkout', async () => {
  const code = await loadCode(fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''));
  expect(Object.keys(code).toSorted()).toEqual(names);
});

it('finds the code of a checkout whose folders have no rooms', async () => {
  const adapters = ['arm', 'capacity', 'kubernetes', 'eventGrid'].map((name) => `adapters/${name}.ts`);
  const events = ['receiveEvent', 'messages', 'observeCluster', 'projectCluster'];
  const timers = ['planUpgrades', 'startUpgrade', 'followUpgrades', 'checkWeekly'];
  const usecases = [...events, ...timers].map((name) => `usecases/${name}.ts`);
  const code = await loadCode(await checkoutWith([...adapters, ...usecases]));
  expect(Object.keys(code).toSorted()).toEqual(names);
  expect(code).toMatchObject({ createArm: 'adapters/arm.ts', followLedger: 'usecases/projectCluster.ts' });
});

it('says what a checkout lacks', async () => {
  await expect(loadCode(await checkoutWith([]))).rejects.toThrow(
    /shared\/adapters\/arm\/arm\.ts nor .*shared\/adapters\/arm\.ts/,
  );
});

/** A checkout with these files under shared/, each of which exports everything, as its own path. */
async function checkoutWith(files: readonly string[]): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'beside-'));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const file of files) {
    await mkdir(dirname(join(path, 'shared', file)), { recursive: true });
    await writeFile(join(path, 'shared', file), names.map((name) => `export const ${name} = '${file}';`).join('\n'));
  }
  return path;
}
