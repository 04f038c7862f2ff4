import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkExport } from '../../local/exportCheck.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { hashEntry } from '../../shared/domain/ledger/chain.ts';
import { digestText, readDigest } from '../../shared/domain/ledger/digest.ts';
import type { Entry, EntryBody } from '../../shared/domain/ledger/ledger.ts';
import { exportLedger } from '../../shared/usecases/history/exportLedger.ts';
import { aTransition } from '../builders.ts';
import { appendEntries, record } from '../ledgers.ts';
import { clusterIdOf, oldImage, subscription } from '../usecases/fleets.ts';

const [bank, shop] = [clusterIdOf('bank'), clusterIdOf('shop')];
const at = '2026-11-03T10:00:00Z';
const clock = { now: () => Temporal.Instant.from(at) };
const seen = (cluster: string): EntryBody => ({
  kind: 'firstSeen',
  cluster,
  nodePool: 'apps',
  nodeImageVersion: oldImage,
  observedAt: at,
});
const rolled = (day: number) => aTransition({ cluster: shop, observedAt: `2026-11-0${day}T10:00:00Z` });

/** The export of two clusters: bank with one entry, shop with three. Lines 0 to 6. */
async function anExport(): Promise<string[]> {
  const tables = createMemoryTables();
  await record(tables, [seen(bank)]);
  await record(tables, [seen(shop), rolled(3), rolled(4)]);
  return linesOf(exportLedger({ clock, tables, subscriptions: [subscription] }, {}));
}

async function linesOf(values: AsyncIterable<unknown>): Promise<string[]> {
  const lines: string[] = [];
  for await (const value of values) lines.push(JSON.stringify(value));
  return lines;
}

async function* read(lines: readonly string[]): AsyncIterable<string> {
  yield* lines;
}

const edit = (lines: readonly string[], index: number, change: object) =>
  lines.with(index, JSON.stringify({ ...JSON.parse(lines[index] ?? ''), ...change }));
const rehash = (lines: readonly string[], index: number, change: object) => {
  const { hash: _hash, ...entry } = { ...JSON.parse(lines[index] ?? ''), ...change } as Entry;
  return edit(lines, index, { ...change, hash: hashEntry(entry) });
};

describe('an export of the ledger', () => {
  it('holds each cluster’s head and entries, newest first, and how many there are', async () => {
    const lines = (await anExport()).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ kind, sequence }) => [kind, sequence])).toEqual([
      ['head', 1],
      ['firstSeen', 1],
      ['head', 3],
      ['transition', 3],
      ['transition', 2],
      ['firstSeen', 1],
      ['end', undefined],
    ]);
    expect(lines.at(-1)).toEqual({ kind: 'end', clusters: 2, entries: 4, coverage: expect.any(Object) });
  });

  it('is whole', async () => {
    const { chains, entries, problems } = await checkExport(read(await anExport()));
    expect([entries, problems]).toEqual([4, []]);
    expect(chains).toMatchObject([
      { cluster: bank, entries: 1 },
      { cluster: shop, entries: 3 },
    ]);
  });

  it.each<[string, object, string[]]>([
    ['a cluster', { cluster: 'SHOP' }, [shop]],
    ['a cluster by its ARM id', { cluster: bank }, [bank]],
    ['clusters by their resource group', { resourceGroup: 'rg-*' }, [bank, shop]],
    ['no cluster', { subscription: '22222222-2222-4333-8444-555555555555' }, []],
  ])('can be of %s', async (_what, names, expected) => {
    const tables = createMemoryTables();
    await record(tables, [seen(bank)]);
    await record(tables, [seen(shop)]);
    const lines = await linesOf(exportLedger({ clock, tables, subscriptions: [subscription] }, names));
    const { chains, problems } = await checkExport(read(lines));
    expect([chains.map(({ cluster }) => cluster), problems]).toEqual([expected, []]);
  });

  it('is whole though entries are appended while it is read', async () => {
    const tables = createMemoryTables();
    await record(tables, [seen(shop), rolled(3)]);
    const growing: typeof tables = {
      ...tables,
      query: async function* (table, partition, range) {
        if (table === 'Ledger' && range?.from?.startsWith('log|')) await appendEntries(tables, [rolled(4)]);
        yield* tables.query(table, partition, range);
      },
    };
    const lines = await linesOf(exportLedger({ clock, tables: growing, subscriptions: [subscription] }, {}));
    expect(await checkExport(read(lines))).toMatchObject({ entries: 2, problems: [] });
  });

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    ['an edited entry', (lines) => edit(lines, 4, { outcome: 'failed' }), /shop: entry 2 does not match its hash/],
    ['one hashed anew', (lines) => rehash(lines, 4, { outcome: 'failed' }), /shop: entry 3 does not link/],
    [
      'the newest hashed anew',
      (lines) => rehash(lines, 3, { outcome: 'failed' }),
      /entry 3 is not the one that the chain's head/,
    ],
    ['a removed entry', (lines) => lines.toSpliced(4, 1), /shop: entry 2 is missing/],
    [
      'a removed newest entry',
      (lines) => lines.toSpliced(3, 1),
      /shop: entry 3 is missing: the chain's head is entry 3/,
    ],
    ['a removed first entry', (lines) => lines.toSpliced(5, 1), /shop: entry 1 is missing/],
    [
      'an entry twice',
      (lines) => lines.toSpliced(4, 0, lines[4] ?? ''),
      /shop: entry 3 is missing: in its place stands 2/,
    ],
    [
      'two entries that changed places',
      (lines) => lines.with(3, lines[4] ?? '').with(4, lines[3] ?? ''),
      /shop: entry 2 is missing/,
    ],
    [
      'an entry of another cluster',
      (lines) => lines.with(1, lines[5] ?? ''),
      /bank: entry 1 is an entry of another cluster/,
    ],
    ['another head', (lines) => edit(lines, 2, { hash: '0'.repeat(64) }), /shop: entry 3 is not the one/],
    ['a removed head', (lines) => lines.toSpliced(2, 1), /bank: entry 1 is an entry of another cluster/],
    ['a removed first head', (lines) => lines.slice(1), /line 1 is an entry without the head/],
    ['a removed cluster', (lines) => lines.slice(2), /says 2 clusters and 4 entries; there are 1 and 3/],
    ['a file that was cut between lines', (lines) => lines.slice(0, -1), /the last line is missing/],
    ['a file that was cut in a line', (lines) => [...lines.slice(0, 4), '{"kind":'], /line 5 is none of a ledger/],
    ['a line that is not of a ledger', (lines) => lines.with(0, '{"kind":"x"}'), /line 1 is none of a ledger/],
    ['a head of nothing', (lines) => lines.with(0, '{"kind":"head"}'), /line 1 is none of a ledger/],
    [
      'an export that storage left incomplete',
      (lines) => [...lines.slice(0, 4), '{"kind":"incomplete","problem":"It breaks off here."}'],
      /^line 5 says that the export is not complete: It breaks off here\.$/,
    ],
    ['something behind the end', (lines) => [...lines, lines[1] ?? ''], /line 8 stands behind the end/],
    ['nothing', () => [], /the last line is missing/],
  ])('shows %s', async (_what, tamper, first) => {
    const { problems } = await checkExport(read(tamper(await anExport())));
    expect(problems[0]).toMatch(first);
  });
});

/** What the weekly check would have written of these heads. */
const digestOf = (...heads: readonly (readonly [cluster: string, sequence: number, hash: string])[]) =>
  digestText(
    { week: '2026-W46', at: '2026-11-16T06:00:00Z' },
    heads.map(([cluster, sequence, hash]) => ({ cluster, sequence, hash, observedAt: Temporal.Instant.from(at) })),
  );
const hashAt = (lines: readonly string[], index: number) => (JSON.parse(lines[index] ?? '') as Entry).hash;

describe('an export held against a digest', () => {
  const check = async (lines: readonly string[], text: string) => {
    const digest = readDigest(text);
    if (!digest) throw new Error('No digest.');
    return (await checkExport(read(lines), [{ name: 'w46.json', digest }])).problems;
  };

  it.each<[string, (lines: string[]) => string]>([
    ['its own heads', (lines) => digestOf([bank, 1, hashAt(lines, 1)], [shop, 3, hashAt(lines, 3)])],
    ['earlier heads', (lines) => digestOf([shop.toUpperCase(), 2, hashAt(lines, 4)])],
    ['a chain without an entry', () => digestOf([bank, 0, '0'.repeat(64)])],
  ])('is whole by %s', async (_what, digest) => {
    const lines = await anExport();
    expect(await check(lines, digest(lines))).toEqual([]);
  });

  it.each<[string, (lines: string[]) => string, RegExp]>([
    ['a shorter chain', (lines) => digestOf([shop, 4, hashAt(lines, 3)]), /shop: entry 4 is missing: the digest w46/],
    ['another chain', () => digestOf([shop, 2, 'f'.repeat(64)]), /shop: entry 2 is not the one that the digest w46/],
    [
      'a chain that is not there',
      () => digestOf([clusterIdOf('gone'), 2, 'f'.repeat(64)]),
      /gone is missing: the digest/,
    ],
  ])('shows %s', async (_what, digest, problem) => {
    const lines = await anExport();
    expect(await check(lines, digest(lines))).toEqual([expect.stringMatching(problem)]);
  });

  it('is not found to lack what it was not asked for', async () => {
    const tables = createMemoryTables();
    await record(tables, [seen(shop), rolled(3)]);
    const of = (names: object) => linesOf(exportLedger({ clock, tables, subscriptions: [subscription] }, names));
    const digest = digestOf([bank, 1, 'f'.repeat(64)]);
    expect(await check(await of({ cluster: 'SHOP' }), digest)).toEqual([]);
    expect(await check(await of({ cluster: '*' }), digest)).toEqual([
      `${bank} is missing: the digest w46.json names it.`,
    ]);
  });
});

describe('npm run verify-export', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keeper-export-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const script = fileURLToPath(new URL('../../local/verifyExport.ts', import.meta.url));
  const run = (...args: readonly string[]) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, [script, ...args], (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });

  it('says that a file is whole, with the heads to compare', async () => {
    const file = join(folder, 'whole.ndjson');
    const lines = await anExport();
    await writeFile(file, `${lines.join('\n')}\n`);
    const { code, stdout, stderr } = await run(file);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Whole: 2 clusters, 4 entries.');
    for (const index of [0, 2]) expect(stdout).toContain(JSON.parse(lines[index] ?? '').hash);
  });

  it('names the first break and exits with 1', async () => {
    const file = join(folder, 'broken.ndjson');
    await writeFile(file, edit(await anExport(), 4, { outcome: 'failed' }).join('\n'));
    const { code, stdout, stderr } = await run(file);
    expect([code, stderr]).toEqual([1, `Broken: ${shop}: entry 2 does not match its hash.\n`]);
    expect(stdout).toMatch(/^whole .*bank\nBROKEN .*shop\n$/);
  });

  it('holds it against digests, and names each', async () => {
    const [file, digest] = [join(folder, 'digested.ndjson'), join(folder, '2026-W46.json')];
    const lines = await anExport();
    await writeFile(file, lines.join('\n'));
    await writeFile(digest, digestOf([shop, 3, hashAt(lines, 3)]));
    const good = await run(file, '--digest', digest);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(
      /^digest {2}2026-W46 {2}1 clusters {2}of 2026-11-16T06:00:00Z {2}SHA-256 [0-9a-f]{64}\n/,
    );
    expect(good.stdout).toContain('All is as the digests say.');

    await writeFile(join(folder, 'forged.json'), digestOf([shop, 3, 'f'.repeat(64)]));
    const bad = await run(file, '--digest', digest, '--digest', join(folder, 'forged.json'));
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/^Broken: .*shop: entry 3 is not the one that the digest forged.json names/);
  });

  it.each([
    [[]],
    [['none.ndjson']],
    [['a', 'b']],
    [['a', '--digest']],
    [['a', '--digest', 'none.json']],
    [['a', '--digest', 'package.json']],
  ])('exits with 2 when it is called with %j', async (args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/verify-export|ENOENT|no digest/);
  });
});
