// Rows of one cluster that can't be read: every answer tells of them, and of all else as before.
import { beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/getHistory.ts';
import { checkExport } from '../../local/exportCheck.ts';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import type { Entry } from '../../shared/domain/ledger/ledger.ts';
import { readStoredEntries } from '../../shared/stores/ledgerStore.ts';
import { aTransition } from '../builders.ts';
import { record } from '../ledgers.ts';
import { spoiledTables } from '../spoiledTables.ts';
import { clusterIdOf, newImage, oldImage } from '../usecases/fleets.ts';
import { call, callText, composeAt, subscription } from './request.ts';

const [bank, shop] = [clusterIdOf('bank'), clusterIdOf('shop')];
const key = clusterKey(shop);
const strange = `000000000000001|${key}|999999999999000`;
let spoil: ReturnType<typeof spoiledTables>;

beforeEach(async () => {
  spoil = spoiledTables();
  for (const [index, cluster] of [bank, shop].entries()) {
    const at = `2026-11-0${index + 2}T10:00:00Z`;
    await record(spoil.tables, [
      { kind: 'firstSeen', cluster, nodePool: 'apps', nodeImageVersion: oldImage, observedAt: at },
      aTransition({ cluster, nodePool: 'apps', from: oldImage, to: newImage, completedAt: at, observedAt: at }),
    ]);
  }
  composeAt('2026-11-20T00:00:00Z', spoil.tables);
});

const rowsOf = async (query: string) =>
  (await call(handler, `/api/history${query}`)).body['value'] as readonly { kind: string; cluster?: string }[];
const shown = async (query: string) =>
  (await rowsOf(query)).map(({ kind, cluster }) => `${kind} ${cluster?.split('/').at(-1)}`);

describe('a row of the history that the ledger does not have', () => {
  beforeEach(() => spoil.put('Views', `history|${subscription}|2026-11`, strange, undefined));

  it('stands in the answer as one that can’t be read', async () => {
    expect(await shown('')).toEqual(expect.arrayContaining(['unreadable shop', 'transition bank', 'transition shop']));
    expect(await rowsOf('')).toContainEqual({
      kind: 'unreadable',
      id: `history|${subscription}|2026-11|${strange}`,
      subscription,
      resourceGroup: 'rg-shop',
      clusterName: 'shop',
      cluster: shop
        .toLowerCase()
        .replace('resourcegroups', 'resourceGroups')
        .replace(/providers.*managedclusters/, 'providers/Microsoft.ContainerService/managedClusters'),
      reason: expect.stringMatching(/can't be read, and the ledger has no such row: GET \/api\/history\/verify/),
    });
  });

  it('but not in that about other clusters', async () => {
    expect(await shown('?resourceGroup=other*')).toEqual([]);
    expect(await shown('?cluster=bank')).toEqual(['transition bank']);
  });

  it.each(['csv', 'ndjson'])('stands in %s, which is complete', async (format) => {
    const { status, text } = await callText(handler, `/api/history?format=${format}`);
    expect(status).toBe(200);
    expect(text.match(/unreadable/g)).toHaveLength(1);
    expect(text.match(/transition/g)).toHaveLength(2);
  });
});

it('an entry that can’t be read leaves the rest of the export whole, and its own cluster broken', async () => {
  const [newest] = (await Array.fromAsync(readStoredEntries(spoil.tables, key))) as Entry[];
  const row = (await Array.fromAsync(spoil.tables.query('Ledger', key, { from: 'log|', to: 'log}' })))[0];
  expect(newest?.sequence).toBe(2);
  await spoil.put('Ledger', key, row?.rowKey ?? '', undefined);
  const { text } = await callText(handler, '/api/history?format=ndjson&kind=ledger');
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
    'head',
    'transition',
    'firstSeen',
    'head',
    'unreadable',
    'end',
  ]);
  const { problems, chains } = await checkExport(
    (async function* () {
      yield* lines;
    })(),
  );
  expect(problems.join('\n')).toMatch(/shop: Table Ledger: row "log/);
  expect(chains.map(({ problem }) => problem === undefined)).toEqual([true, false]);
});
