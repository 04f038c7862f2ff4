import { beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/verifyHistory.ts';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import { digestText, sha256 } from '../../shared/domain/ledger/digest.ts';
import type { EntryBody } from '../../shared/domain/ledger/ledger.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { at } from '../builders.ts';
import { record } from '../ledgers.ts';
import { clusterIdOf, oldImage } from '../usecases/fleets.ts';
import { call, composeAt, subscription } from './request.ts';

const [bank, shop] = [clusterIdOf('bank'), clusterIdOf('shop')];
const seen = (cluster: string, nodePool: string): EntryBody => ({
  kind: 'firstSeen',
  cluster,
  nodePool,
  nodeImageVersion: oldImage,
  observedAt: '2026-11-03T10:00:00Z',
});

let tables: Tables;
const verify = (query = '') => call(handler, `/api/history/verify${query}`);

describe('GET /api/history/verify', () => {
  beforeEach(async () => {
    tables = composeAt('2026-11-21T12:00:00Z');
    await record(tables, [seen(bank, 'apps')]);
    await record(tables, [seen(shop, 'apps'), seen(shop, 'jobs')]);
  });

  it('says that all is whole', async () => {
    expect(await verify()).toMatchObject({
      status: 200,
      body: { whole: true, clusters: 2, entries: 3, value: [{ cluster: bank }, { cluster: shop }] },
    });
    expect((await verify()).body).not.toHaveProperty('firstBreak');
  });

  it('names the first break, and the cluster', async () => {
    const row = await tables.get('Ledger', clusterKey(shop), 'log|999999999999998');
    const value = { ...(row?.value as object), nodePool: 'forged' };
    await tables.write('Ledger', clusterKey(shop), [{ kind: 'upsert', rowKey: 'log|999999999999998', value }]);
    const { status, body } = await verify();
    expect([status, body]).toMatchObject([
      200,
      {
        whole: false,
        clusters: 2,
        firstBreak: { cluster: shop, sequence: 1, problem: 'Entry 1 does not match its hash.' },
        value: [
          { cluster: bank, whole: true },
          { cluster: shop, whole: false },
        ],
      },
    ]);
    expect((await verify('?cluster=bank')).body).toMatchObject({ whole: true, clusters: 1 });
  });

  it.each([
    ['', [bank, shop]],
    ['?cluster=SHOP', [shop]],
    [`?cluster=${bank}`, [bank]],
    ['?resourceGroup=rg-s*', [bank, shop]],
    [`?subscription=${subscription}&cluster=b*`, [bank]],
  ])('checks those that are named: %s', async (query, expected) => {
    const value = (await verify(query)).body['value'] as { cluster: string }[];
    expect(value.map(({ cluster }) => cluster)).toEqual(expected);
  });

  it.each(['?cluster=none', `?cluster=${clusterIdOf('none')}`, '?resourceGroup=none'])(
    'does not call whole what nobody knows: %s',
    async (query) => {
      expect(await verify(query)).toMatchObject({ status: 404, body: { title: 'No such cluster' } });
    },
  );

  it('is whole where there is nothing yet', async () => {
    composeAt('2026-11-21T12:00:00Z');
    expect((await verify()).body).toEqual({
      whole: true,
      digests: { whole: 'unknown', compared: 0, problems: ['There is no digest yet: the weekly check writes one.'] },
      clusters: 0,
      entries: 0,
      value: [],
    });
  });

  it('holds the chains against the digests', async () => {
    const digests = createMemoryDocuments();
    composeAt('2026-11-21T12:00:00Z', tables, digests);
    const named = { cluster: shop, sequence: 3, hash: '0'.repeat(64), observedAt: at('2026-11-15T00:00:00Z') };
    const first = digestText({ week: '2026-W45', at: '2026-11-09T06:00:00Z' }, []);
    await digests.write('2026-W45.json', first);
    const previous = { name: '2026-W45.json', sha256: sha256(first) };
    await digests.write(
      '2026-W46.json',
      digestText({ week: '2026-W46', at: '2026-11-16T06:00:00Z', previous }, [named]),
    );
    expect((await verify()).body).toMatchObject({
      whole: false,
      digests: { whole: true, compared: 2, oldest: '2026-W45.json', newest: { name: '2026-W46.json' } },
      firstBreak: { cluster: shop, sequence: 3, problem: expect.stringContaining('the digest 2026-W46.json') },
    });
    expect((await verify('?cluster=bank')).body).toMatchObject({ whole: true, digests: { compared: 2 } });
  });

  it('does not call whole what its digests don’t agree on', async () => {
    const digests = createMemoryDocuments();
    composeAt('2026-11-21T12:00:00Z', tables, digests);
    for (const week of ['2026-W45', '2026-W46']) {
      await digests.write(`${week}.json`, digestText({ week, at: '2026-11-16T06:00:00Z' }, []));
    }
    const { body } = await verify();
    expect(body).toMatchObject({
      whole: false,
      digests: { whole: false, problems: ['2026-W46.json names no digest before it, and there is one.'] },
    });
    expect(body).not.toHaveProperty('firstBreak');
  });

  it.each([
    ['?nodePool=apps', 'nodePool'],
    ['?cluster=', 'cluster'],
    ['?cluster=a&cluster=b', 'cluster'],
    ['?subscription=mine', 'subscription'],
  ])('names what is wrong with %s', async (query, parameter) => {
    expect(await verify(query)).toMatchObject({ status: 400, body: { errors: [{ parameter }] } });
  });
});
