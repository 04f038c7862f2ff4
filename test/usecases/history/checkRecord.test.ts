// Whatever is changed by hand in the ledger or its views is found; and nothing is found where nothing was changed.
import { TableClient } from '@azure/data-tables';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import { createAzureTables } from '../../../shared/adapters/storage/azureTables.ts';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { chainEntries } from '../../../shared/domain/ledger/chain.ts';
import type { TableName, Tables } from '../../../shared/ports/tables.ts';
import { checkRecord } from '../../../shared/usecases/history/checkRecord.ts';
import { amend } from '../../../shared/usecases/observe/amend.ts';
import { projectLedger } from '../../../shared/usecases/observe/projectLedger.ts';
import { appendEntries } from '../../ledgers.ts';
import { spoiledTables } from '../../spoiledTables.ts';
import { newImage, oldImage } from '../fleets.ts';
import {
  aRecord,
  at,
  byHand,
  clusterView,
  editEntry,
  entryOf,
  logRow,
  news,
  november,
  october,
  type Recorded,
  removeFromIndex,
  viewRow,
} from './byHand.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const backends: readonly (readonly [string, () => Tables])[] = [
  ['memory', createMemoryTables],
  ['Azurite', () => createAzureTables({ kind: 'connectionString', value: azurite.connectionString })],
];

type Tampering = readonly [what: string, tamper: (made: Recorded) => Promise<void>, sequence: number, problem: RegExp];

const inLedger: readonly Tampering[] = [
  ['an image', (made) => editEntry(made, 3, { to: oldImage }), 3, /does not match its hash/],
  ['an entry, hashed anew', (made) => editEntry(made, 3, { to: oldImage }, true), 4, /does not link/],
  ['the last entry, hashed anew', (made) => editEntry(made, 6, { reason: 'x' }, true), 6, /chain's head names/],
  ['an amendment', (made) => editEntry(made, 4, { outcome: 'succeeded' }), 4, /does not match its hash/],
  ['a hash', (made) => editEntry(made, 2, { hash: '0'.repeat(64) }), 2, /does not match its hash/],
  ['a link', (made) => editEntry(made, 2, { previousHash: '0'.repeat(64) }), 2, /does not link/],
  ['a sequence', (made) => editEntry(made, 2, { sequence: 7 }), 2, /is missing/],
  ['a whole entry into nothing', (made) => byHand(made, 'Ledger').put(made.key, logRow(2), null), 2, /is missing/],
  ['a text into half a character', (made) => editEntry(made, 6, { reason: '\ud800' }), 6, /does not match its hash/],
  ['the first entry away', (made) => byHand(made, 'Ledger').remove(made.key, logRow(1)), 1, /is missing/],
  ['an entry away', (made) => byHand(made, 'Ledger').remove(made.key, logRow(3)), 3, /is missing/],
  ['the last entry away', (made) => byHand(made, 'Ledger').remove(made.key, logRow(6)), 6, /head is entry 6/],
  [
    'the last entry away, and the head back',
    async (made) => {
      await byHand(made, 'Ledger').remove(made.key, logRow(6));
      const { sequence, hash } = await entryOf(made, 5);
      await byHand(made, 'Ledger').put(made.key, 'head', { cluster: made.shop, sequence, hash });
    },
    6,
    /is missing: the history was made of 6 entries/,
  ],
  [
    'an entry behind the last, which links to it',
    async (made) => {
      const [forged] = chainEntries(await entryOf(made, 6), [made.rolled(35)], Temporal.Instant.from(at(35)));
      await byHand(made, 'Ledger').put(made.key, logRow(7), forged);
    },
    7,
    /is not in the chain, whose head is entry 6/,
  ],
  [
    'an entry in between, which links to the one before',
    async (made) => {
      const [forged] = chainEntries(await entryOf(made, 2), [made.rolled(35)], Temporal.Instant.from(at(35)));
      await byHand(made, 'Ledger').put(made.key, `${logRow(3)}0`, forged);
    },
    4,
    /does not link|in its place stands 3/,
  ],
  ['an entry of another cluster', (made) => editEntry(made, 6, { cluster: made.bank }, true), 6, /another cluster/],
  [
    'two entries around',
    async (made) => {
      const [two, three] = [await entryOf(made, 2), await entryOf(made, 3)];
      await byHand(made, 'Ledger').put(made.key, logRow(2), three);
      await byHand(made, 'Ledger').put(made.key, logRow(3), two);
    },
    2,
    /is missing/,
  ],
  [
    'the head’s hash',
    (made) => byHand(made, 'Ledger').put(made.key, 'head', { cluster: made.shop, sequence: 6, hash: 'x' }),
    6,
    /head names/,
  ],
  ['the head away', (made) => byHand(made, 'Ledger').remove(made.key, 'head'), 6, /chain's head is missing/],
  ['the head into nothing', (made) => byHand(made, 'Ledger').put(made.key, 'head', null), 6, /chain's head is missing/],
  ['all away', (made) => byHand(made, 'Ledger').remove(made.key), 1, /the history was made of 6 entries/],
  [
    'all by another cluster’s chain',
    async (made) => {
      await byHand(made, 'Ledger').remove(made.key);
      for (const { rowKey, value } of await byHand(made, 'Ledger').rows(clusterKey(made.bank))) {
        await byHand(made, 'Ledger').put(made.key, rowKey, value);
      }
    },
    1,
    /another cluster/,
  ],
];

const inViews: readonly Tampering[] = [clusterView, october].flatMap((partitionOf, index): Tampering[] => {
  const where = index === 0 ? "the cluster's history" : "the fleet's history";
  const edit = async (made: Recorded, sequence: number, change: object) => {
    const { rowKey, value } = await viewRow(made, partitionOf(made), sequence);
    await byHand(made, 'Views').put(partitionOf(made), rowKey, { ...value, ...change });
  };
  return [
    [
      `a row of ${where}`,
      (made) => edit(made, 3, { outcome: 'failed' }),
      3,
      new RegExp(`not what its row says in ${where}`),
    ],
    [`who stands in ${where}`, (made) => edit(made, 2, { actor: { kind: 'aks', name: 'AKS' } }), 2, /not what its row/],
    [
      `an amended row of ${where} to what it was`,
      async (made) => {
        const {
          rowKey,
          value: { amendedBy: _amendedBy, ...value },
        } = await viewRow(made, partitionOf(made), 2);
        const before = { ...value, outcome: 'succeeded', proof: 'pool' };
        await byHand(made, 'Views').put(partitionOf(made), rowKey, before);
      },
      2,
      /not what its row/,
    ],
    [
      `an amendment that is not there into ${where}`,
      (made) => edit(made, 3, { amendedBy: [99] }),
      3,
      /not what its row/,
    ],
    [`nonsense into ${where}`, (made) => edit(made, 3, { amendedBy: 'x', sequence: 'x' }), 3, /not what its row/],
    [
      `a row of ${where} into nothing`,
      async (made) => {
        const { rowKey } = await viewRow(made, partitionOf(made), 2);
        await byHand(made, 'Views').put(partitionOf(made), rowKey, null);
      },
      2,
      /not what its row/,
    ],
    [
      `a row of ${where} away`,
      async (made) => {
        const { rowKey } = await viewRow(made, partitionOf(made), 2);
        await byHand(made, 'Views').remove(partitionOf(made), rowKey);
      },
      2,
      new RegExp(`has no row in ${where}`),
    ],
    [
      `a row into ${where}`,
      async (made) => {
        const { rowKey, value } = await viewRow(made, partitionOf(made), 3);
        await byHand(made, 'Views').put(partitionOf(made), rowKey.replace(/.$/, '0'), { ...value, sequence: 9 });
      },
      9,
      new RegExp(`a row that is not the ledger's, ".*", in ${where}`),
    ],
  ];
});

const partialTerm = ({ subscription }: Recorded) => `${subscription}|outcome|partial`;
const causeTerm = ({ subscription }: Recorded) => `${subscription}|cause|unknown`;
const termRow = (made: Recorded, partition: string, sequence: number) =>
  viewRow(made, partition, sequence, 'HistoryIndex');

const inTerms: readonly Tampering[] = [
  [
    'a row of the index away',
    async (made) => {
      const { rowKey } = await termRow(made, partialTerm(made), 2);
      await byHand(made, 'HistoryIndex').remove(partialTerm(made), rowKey);
    },
    2,
    /has no row in the history's index/,
  ],
  [
    'a row of the index',
    async (made) => {
      const { rowKey, value } = await termRow(made, causeTerm(made), 3);
      await byHand(made, 'HistoryIndex').put(causeTerm(made), rowKey, { ...value, outcome: 'failed' });
    },
    3,
    /not what its row says in the history's index/,
  ],
  [
    'a row under a term that it never had',
    async (made) => {
      const { rowKey, value } = await termRow(made, causeTerm(made), 3);
      await byHand(made, 'HistoryIndex').put(`${made.subscription}|cause|manual`, rowKey, value);
    },
    3,
    /a row that is not the ledger's, ".*", in the history's index/,
  ],
  [
    'an image out of the index',
    async (made) => {
      for (const { rowKey, value } of await byHand(made, 'HistoryIndex').rows(`images|${made.subscription}`)) {
        if ((value as { image: string }).image !== newImage) continue;
        await byHand(made, 'HistoryIndex').remove(`images|${made.subscription}`, rowKey);
      }
    },
    2,
    /has no row in the history's index/,
  ],
];

const inIndexes: readonly Tampering[] = [
  [
    'a row into another month',
    async (made) => {
      const { rowKey, value } = await viewRow(made, october(made), 3);
      await byHand(made, 'Views').put(november(made), rowKey, value);
    },
    3,
    /a row that is not the ledger's, ".*", in the fleet's history/,
  ],
  [
    'a month away',
    (made) => byHand(made, 'Views').remove(`months|${made.subscription}`, '2026-11'),
    5,
    /has no row in the fleet/,
  ],
  [
    'a pool away',
    (made) => byHand(made, 'Views').remove(`known|${made.subscription}`, `${made.key}|apps`),
    1,
    /not in the index/,
  ],
  [
    'a pool into nothing',
    (made) => byHand(made, 'Views').put(`known|${made.subscription}`, `${made.key}|apps`, null),
    1,
    /not in the index/,
  ],
  [
    'the cursor forward',
    (made) => byHand(made, 'Views').put(clusterView(made), 'cursor', { sequence: 9 }),
    7,
    /made of 9 entries/,
  ],
];

describe.each(backends)('the record in %s', (_backend, createTables) => {
  it('is whole as it was written', async () => {
    const { verify, shop, bank } = await aRecord(createTables());
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    const verdicts = [
      { cluster: bank, whole: true, entries: 1, head: { sequence: 1, hash }, projectedTo: 1 },
      { cluster: shop, whole: true, entries: 6, head: { sequence: 6, hash }, projectedTo: 6 },
    ];
    expect(await verify()).toEqual(verdicts);
    expect(await verify({ cluster: 'SHOP' })).toEqual(verdicts.slice(1));
    expect(await verify({ cluster: shop.toLowerCase() })).toEqual(verdicts.slice(1));
    expect(await verify({ cluster: 'none' })).toEqual([]);
  });

  it.each([...inLedger, ...inViews, ...inIndexes, ...inTerms])(
    'shows who puts by hand: %s',
    async (_what, tamper, sequence, problem) => {
      const made = await aRecord(createTables());
      await tamper(made);
      const verdicts = await made.verify();
      const broken = verdicts.filter(({ whole }) => !whole);
      expect(broken).toMatchObject([{ firstBreak: { sequence, problem: expect.stringMatching(problem) } }]);
      expect(broken[0]?.firstBreak?.problem).toMatch(new RegExp(`^Entry ${sequence} .*\\.$`));
      expect([made.shop, made.bank, made.key]).toContain(broken[0]?.cluster);
      expect(verdicts.find(({ cluster }) => cluster === made.bank)?.whole).toBe(true);
    },
  );

  it('is not found wanting while its views lag behind', async () => {
    const made = await aRecord(createTables());
    await appendEntries(made.tables, [made.rolled(36)]);
    expect(await made.verify({ cluster: 'shop' })).toMatchObject([{ whole: true, entries: 7, projectedTo: 6 }]);
    await projectLedger(made, { clusterId: made.shop });
    expect(await made.verify({ cluster: 'shop' })).toMatchObject([{ whole: true, projectedTo: 7 }]);
  });

  it('shows rows of a cluster that no ledger has', async () => {
    const made = await aRecord(createTables());
    const { rowKey, value } = await viewRow(made, october(made), 3);
    await byHand(made, 'Views').put(october(made), rowKey.replace('|shop|', '|ghost|'), value);
    const ghost = made.key.replace('|shop', '|ghost');
    expect((await made.verify()).filter(({ whole }) => !whole)).toMatchObject([
      { cluster: ghost, entries: 0, firstBreak: { sequence: 3 } },
    ]);
  });

  it('can’t show by itself that its tail was removed everywhere', async () => {
    const made = await aRecord(createTables());
    const { sequence, hash } = await entryOf(made, 5);
    await byHand(made, 'Ledger').remove(made.key, logRow(6));
    await byHand(made, 'Ledger').put(made.key, 'head', { cluster: made.shop, sequence, hash });
    for (const partition of [clusterView(made), november(made)]) {
      await byHand(made, 'Views').remove(partition, (await viewRow(made, partition, 6)).rowKey);
    }
    await removeFromIndex(made, 6);
    await byHand(made, 'Views').put(clusterView(made), 'cursor', { sequence: 5 });
    expect(await made.verify({ cluster: 'shop' })).toMatchObject([{ whole: true, entries: 5 }]);
  });
});

describe('the check', () => {
  it('finds nothing while entries are appended, amended and projected under it', async () => {
    const tables = createMemoryTables();
    const made = await aRecord(tables);
    let calls = 0;
    const moving: Tables = {
      ...tables,
      query: async function* (...asked) {
        calls += 1;
        // Not every third: a try reads thrice, and would see the ledger move each time.
        if (calls % 4 === 0 && calls < 40) {
          await appendEntries(tables, [made.rolled(2 + (calls % 28), calls % 2 ? 'apps' : `pool${calls}`)]);
          if (calls % 2) await projectLedger({ tables }, { clusterId: made.shop });
          if (calls % 5 === 0) await amend(made.dependencies, made.shop, 3, { ...news, reason: String(calls) });
        }
        yield* tables.query(...asked);
      },
    };
    const moved = { tables: moving, digests: createMemoryDocuments(), subscriptions: [made.subscription] };
    const { verdicts } = await checkRecord(moved, {});
    expect(calls).toBeGreaterThan(10);
    expect(verdicts.filter(({ whole }) => !whole)).toEqual([]);
  });

  it('says that it can’t say while a ledger never stands still', async () => {
    const tables = createMemoryTables();
    const made = await aRecord(tables);
    const moving: Tables = {
      ...tables,
      query: async function* (table, ...rest) {
        if (table === 'Ledger') await appendEntries(tables, [made.rolled(2)]);
        yield* tables.query(table, ...rest);
      },
    };
    await expect(
      checkRecord(
        { tables: moving, digests: createMemoryDocuments(), subscriptions: [made.subscription] },
        { cluster: 'shop' },
      ),
    ).rejects.toThrow('grew 5 times while it was checked');
  });

  it.each<[string, TableName, (made: Recorded) => [string, string]]>([
    ['an entry', 'Ledger', ({ key }) => [key, logRow(3)]],
    ['a row of the fleet', 'Views', (made) => [october(made), '000000000000001|x|y|z|1']],
    ['a row of the cluster', 'Views', (made) => [clusterView(made), '000000000000001|x|y|z|1']],
  ])('names a row in Azurite that holds no JSON: %s', async (_what, table, place) => {
    const made = await aRecord(createAzureTables({ kind: 'connectionString', value: azurite.connectionString }));
    const [partitionKey, rowKey] = place(made);
    const client = TableClient.fromConnectionString(azurite.connectionString, table, { allowInsecureConnection: true });
    await client.upsertEntity({ partitionKey, rowKey, value: '{"kind":' }, 'Replace');
    const broken = (await made.verify()).filter(({ whole }) => !whole);
    expect(broken).toMatchObject([
      { firstBreak: { problem: expect.stringMatching(/row "log|can't be read, ".*000000000000001\|x\|y\|z\|1"/) } },
    ]);
  });

  it('goes on with all other clusters where a row of one can’t be read', async () => {
    const { tables, put } = spoiledTables();
    const made = await aRecord(tables);
    await put('Views', october(made), '000000000000001|x|y|z|1', undefined);
    const verdicts = await made.verify();
    expect(verdicts.map(({ cluster, whole }) => [cluster.split('/').at(-1), whole])).toEqual(
      expect.arrayContaining([
        ['bank', true],
        ['shop', true],
        ['x|y|z', false],
      ]),
    );
  });
});
