import { Temporal } from 'temporal-polyfill';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import type { News } from '../../../shared/domain/ledger/amendment.ts';
import { firstBrokenEntry } from '../../../shared/domain/ledger/chain.ts';
import { historyRows } from '../../../shared/domain/ledger/historyRow.ts';
import type { EntryBody, HistoryRow } from '../../../shared/domain/ledger/ledger.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import { listEntries, readHeads } from '../../../shared/stores/ledgerStore.ts';
import { readClusterHistory, readMonthHistory } from '../../../shared/stores/views/historyStore.ts';
import { amend } from '../../../shared/usecases/observe/amend.ts';
import { projectLedger } from '../../../shared/usecases/observe/projectLedger.ts';
import { aTransition } from '../../builders.ts';
import { appendEntries, record } from '../../ledgers.ts';
import { clusterId, oldImage, subscription } from '../fleets.ts';

const key = clusterKey(clusterId);
const observedAt = '2026-11-19T00:00:00Z';
const seen: EntryBody = {
  kind: 'firstSeen',
  cluster: clusterId,
  nodePool: 'apps',
  nodeImageVersion: oldImage,
  observedAt,
};
const rolled = aTransition({ cluster: clusterId, observedAt, completedAt: observedAt });
const source = { name: 'nodes', id: 'n-1' };
const proof: News = { source, proof: 'nodes', outcome: 'partial', nodes: { total: 3, upToDate: 2 } };

let tables: Tables;
let sent: unknown[];
let now: Temporal.Instant;

beforeEach(async () => {
  tables = createMemoryTables();
  sent = [];
  now = Temporal.Instant.from('2026-11-20T00:05:00Z');
  await record(tables, [seen, rolled]);
});

function dependencies(over: Tables = tables) {
  return {
    clock: { now: () => (now = now.add({ seconds: 1 })) },
    tables: over,
    digests: createMemoryDocuments(),
    queues: { countPoisoned: async () => 0, send: async (...message: unknown[]) => void sent.push(message) },
    log: { info: () => {}, warn: () => {} },
  };
}

const ledger = async () => (await listEntries(tables, key)).toReversed();

async function rowsOf(read: AsyncIterable<{ readonly row: HistoryRow }>): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = [];
  for await (const { row } of read) rows.unshift(row);
  return rows.toSorted((a, b) => a.sequence - b.sequence);
}

/** Both views hold the ledger's rows, folded. */
async function expectViews(): Promise<void> {
  const rows = historyRows(await ledger());
  expect(await rowsOf(readClusterHistory(tables, key))).toEqual(rows);
  expect(await rowsOf(readMonthHistory(tables, subscription, '2026-11'))).toEqual(rows);
}

describe('amend', () => {
  it('appends an entry to a chain that stays whole, and brings the views up', async () => {
    const before = await ledger();
    const result = await amend(dependencies(), clusterId.toUpperCase(), 2, proof);
    expect(result).toBe('appended');
    const entries = await ledger();
    expect(entries[2]).toMatchObject({ sequence: 3, kind: 'amendment', amends: 2, nodePool: 'apps' });
    expect(entries.slice(0, 2)).toEqual(before);
    expect(firstBrokenEntry(entries, (await readHeads(tables, key)).chain)).toBeUndefined();
    await expectViews();
    expect((await rowsOf(readClusterHistory(tables, key)))[1]).toMatchObject({ outcome: 'partial', amendedBy: [3] });
  });

  it('leaves all heads but the chain’s as they were', async () => {
    const { chain, pools } = await readHeads(tables, key);
    await amend(dependencies(), clusterId, 2, proof);
    const after = await readHeads(tables, key);
    expect(after.pools).toEqual(pools);
    expect(after.chain).toMatchObject({ observedAt: chain?.observedAt, sequence: 3 });
  });

  it('takes the same news once, and other news from the same source again', async () => {
    await amend(dependencies(), clusterId, 2, proof);
    await amend(dependencies(), clusterId, 2, { ...proof, nodes: { total: 3, upToDate: 3 } });
    expect(await amend(dependencies(), clusterId, 2, proof)).toBe('known');
    expect(await amend(dependencies(), clusterId, 2, { ...proof, source: { ...source, id: 'n-2' } })).toBe('appended');
    expect((await ledger()).map(({ kind }) => kind)).toEqual([
      'firstSeen',
      'transition',
      ...Array(3).fill('amendment'),
    ]);
    await expectViews();
  });

  it.each([1, 4, 99])('amends no entry %i, which is no roll, or not there', async (sequence) => {
    await amend(dependencies(), clusterId, 2, proof);
    await amend(dependencies(), clusterId, 2, { source, reason: 'x' });
    expect(await amend(dependencies(), clusterId, sequence, proof)).toBe('notThere');
    expect(await amend(dependencies(), clusterId.replace('shop', 'none'), 2, proof)).toBe('notThere');
    expect(await ledger()).toHaveLength(4);
  });

  it('reads again when somebody else appends meanwhile', async () => {
    let others = 2;
    const contended: Tables = {
      ...tables,
      write: async (table, ...rest) => {
        if (table === 'Ledger' && others-- > 0) await appendEntries(tables, [rolled]);
        return tables.write(table, ...rest);
      },
    };
    expect(await amend(dependencies(contended), clusterId, 2, proof)).toBe('appended');
    expect((await ledger())[4]).toMatchObject({ sequence: 5, amends: 2 });
    expect(firstBrokenEntry(await ledger(), (await readHeads(tables, key)).chain)).toBeUndefined();
    await expectViews();
  });

  it('appends once when the same news comes at once', async () => {
    const results = await Promise.all([1, 2, 3].map(() => amend(dependencies(), clusterId, 2, proof)));
    expect(results.toSorted()).toEqual(['appended', 'known', 'known']);
  });

  it('gives up where the ledger never stands still, and says so', async () => {
    const contended: Tables = { ...tables, write: async () => 'conflict' };
    await expect(amend(dependencies(contended), clusterId, 2, proof)).rejects.toThrow('8 times in a row');
    expect(await ledger()).toHaveLength(2);
  });

  it('is projected later when it crashes behind the append', async () => {
    const dying: Tables = {
      ...tables,
      write: async (table, ...rest) => {
        if (table === 'Views') throw new Error('crash');
        return tables.write(table, ...rest);
      },
    };
    await expect(amend(dependencies(dying), clusterId, 2, proof)).rejects.toThrow('crash');
    expect(sent).toEqual([['project-cluster', { clusterId }, 60]]);
    await projectLedger({ tables }, { clusterId });
    await expectViews();
  });
});

describe('the views of an amended ledger', () => {
  it('are the same when they are rebuilt from nothing', async () => {
    await amend(dependencies(), clusterId, 2, proof);
    await appendEntries(tables, [rolled]);
    await amend(dependencies(), clusterId, 4, { source, actor: { kind: 'aks', name: 'AKS' }, cause: 'aksAutoUpgrade' });
    const built = await rowsOf(readClusterHistory(tables, key));
    const fresh = createMemoryTables();
    for await (const { rowKey, value } of tables.query('Ledger', key)) {
      await fresh.write('Ledger', key, [{ kind: 'insert', rowKey, value }]);
    }
    await projectLedger({ tables: fresh }, { clusterId });
    expect(await rowsOf(readClusterHistory(fresh, key))).toEqual(built);
    await expectViews();
  });

  it('keep the newer row when a projection that was held up writes late', async () => {
    await appendEntries(tables, [rolled]);
    let held: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      held = resolve;
    });
    let reached: () => void = () => {};
    const atRows = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const slow: Tables = {
      ...tables,
      write: async (table, partition, changes) => {
        if (changes.some(({ rowKey }) => /^\d/.test(rowKey)) && partition.startsWith('history|')) {
          reached();
          await waiting;
        }
        return tables.write(table, partition, changes);
      },
    };
    const late = projectLedger({ tables: slow }, { clusterId });
    await atRows;
    await amend(dependencies(), clusterId, 3, proof);
    held();
    await late;
    await expectViews();
  });

  it('are put right where a row was edited by hand, once the cursor is taken away', async () => {
    const partition = `history|${key}`;
    for await (const { rowKey, value, etag } of tables.query('Views', partition, { to: 'a' })) {
      await tables.write('Views', partition, [
        { kind: 'replace', rowKey, value: { ...(value as object), kind: 'x' }, etag },
      ]);
    }
    const { etag = '' } = (await tables.get('Views', partition, 'cursor')) ?? {};
    await tables.write('Views', partition, [{ kind: 'delete', rowKey: 'cursor', etag }]);
    await projectLedger({ tables }, { clusterId });
    await expectViews();
  });
});
