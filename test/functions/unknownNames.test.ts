// A query of the history that names what the record does not know: an empty answer would look like "no changes".
import { beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/getHistory.ts';
import { checkExport } from '../../local/exportCheck.ts';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import type { EntryBody } from '../../shared/domain/ledger/ledger.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { aTransition } from '../builders.ts';
import { record } from '../ledgers.ts';
import { clusterIdOf } from '../usecases/fleets.ts';
import { call, callText, composeAt, subscription } from './request.ts';

const shop = clusterIdOf('shop');
const nobody = clusterIdOf('prd-1');
const at = '2026-11-01T10:00:00Z';
const seen: EntryBody = {
  kind: 'firstSeen',
  cluster: shop,
  nodePool: 'apps',
  nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202610.05.0',
  observedAt: at,
};

let tables: Tables;

beforeEach(async () => {
  tables = composeAt('2026-11-21T12:00:00Z');
  await record(tables, [seen, aTransition({ cluster: shop, completedAt: at, observedAt: at })]);
});

const get = async (query: string) => (await call(handler, `/api/history${query}`)).body;
const text = async (query: string) => (await callText(handler, `/api/history${query}`)).text;

describe('a history query for a cluster that the record does not know says so', () => {
  it.each<[string, string]>([
    ['?cluster=prd-1', 'prd-1'],
    ['?cluster=prd-*', 'prd-*'],
    [`?cluster=${nobody}`, nobody],
    [`?cluster=${shop.replace('1111', '2222')}`, shop.replace('1111', '2222')],
    ['?cluster=prd-1&nodePool=apps&outcome=failed&since=2026-11-01T00:00:00Z', 'prd-1'],
    ['?cluster=shop&resourceGroup=rg-none', 'rg-none/shop'],
    [`?cluster=${shop}&resourceGroup=rg-none`, `rg-none/${shop}`],
    ['?resourceGroup=rg-none', 'rg-none/*'],
    ['?subscription=99999999-2222-4333-8444-555555555555', '99999999-2222-4333-8444-555555555555/*'],
    ['?cluster=prd-1&kind=gap,gone', 'prd-1'],
  ])('%s: %s', async (query, unknownCluster) => {
    expect(await get(query)).toMatchObject({ value: [], unknownCluster });
    const [line, ...others] = (await text(`${query}&format=ndjson`)).split('\n').filter(Boolean);
    expect(others).toEqual(['{"kind":"end","rows":1}']);
    expect(JSON.parse(line ?? '')).toMatchObject({
      kind: 'unknownCluster',
      reason: `The record knows no cluster ${unknownCluster}: that is not to say that nothing changed.`,
    });
    const [, row, ...more] = (await text(`${query}&format=csv`)).split('\r\n').filter(Boolean);
    expect([row, ...more].map((record) => record?.split(',')[1])).toEqual(['unknownCluster', 'end']);
    expect(row).toContain('that is not to say that nothing changed');
  });

  it.each(['?cluster=shop&nodePool=wim', `?cluster=${shop}&nodePool=wi*`, '?nodePool=wim'])(
    'and so it does for a pool: %s',
    async (query) => {
      const unknownNodePool = new URLSearchParams(query).get('nodePool');
      const body = await get(query);
      expect(body).toMatchObject({ value: [], unknownNodePool });
      expect(body).not.toHaveProperty('unknownCluster');
      expect(await text(`${query}&format=ndjson`)).toContain('"kind":"unknownNodePool"');
    },
  );

  it.each([
    '?cluster=shop&outcome=failed',
    `?cluster=${shop.toLowerCase()}&until=2026-10-01T00:00:00Z`,
    '?cluster=SHO?&nodePool=APPS&kind=rolled',
    '?outcome=failed',
    '?resourceGroup=rg-*&image=nothing',
    `?subscription=${subscription}&kind=gone`,
  ])('but nothing where it knows what is named, and nothing happened: %s', async (query) => {
    const { value, unknownCluster, unknownNodePool } = await get(query);
    expect([value, unknownCluster, unknownNodePool]).toEqual([[], undefined, undefined]);
    expect(await text(`${query}&format=ndjson`)).toBe('{"kind":"end","rows":0}\n');
    expect((await text(`${query}&format=csv`)).trimEnd().split('\r\n')).toHaveLength(2);
  });

  it('but nothing of a cluster that the index has lost, and the ledger has not', async () => {
    await tables.write('Views', `known|${subscription}`, [
      {
        kind: 'delete',
        rowKey: `${clusterKey(shop)}|apps`,
        etag: (await tables.get('Views', `known|${subscription}`, `${clusterKey(shop)}|apps`))?.etag ?? '',
      },
    ]);
    expect(await get(`?cluster=${shop}&outcome=failed`)).not.toHaveProperty('unknownCluster');
  });

  it.each(['prd-1', 'prd-*', nobody])(
    'an export of whole chains says so in its end, and checks as whole: %s',
    async (cluster) => {
      const lines = (await text(`?kind=ledger&format=ndjson&cluster=${cluster}`)).split('\n').filter(Boolean);
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { kind: 'end', clusters: 0, entries: 0, unknownCluster: cluster },
      ]);
      async function* read() {
        yield* lines;
      }
      expect((await checkExport(read())).problems).toEqual([]);
    },
  );
});
