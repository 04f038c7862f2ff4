import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { verdictOf } from '../../shared/domain/attempt/starterVerdict.ts';
import { clusterKey, subscriptionOf } from '../../shared/domain/cluster/clusterId.ts';
import { rowVersion, type Tables } from '../../shared/ports/tables.ts';
import {
  readFacts,
  readSubscriptionFacts,
  readVerdict,
  updateVerdict,
  writeFacts,
} from '../../shared/stores/factsStore.ts';
import { append, readHeads } from '../../shared/stores/ledgerStore.ts';
import { readPolicy, writePolicy } from '../../shared/stores/policyStore.ts';
import { holds } from '../../shared/stores/standingStore.ts';
import { insertAttempt, readStarts } from '../../shared/stores/starts/startsStore.ts';
import { after, aLedger, anAttempt, anObservation, aWindowReading, clusterId, now } from '../builders.ts';

const key = clusterKey(clusterId);

/** Rows as a later version of the keeper would write them. */
function inNewerLayout(tables: Tables): Tables {
  return {
    ...tables,
    get: async (...row) => {
      const found = await tables.get(...row);
      return found && { ...found, version: rowVersion + 1 };
    },
    query: async function* (...rows) {
      for await (const row of tables.query(...rows)) yield { ...row, version: rowVersion + 1 };
    },
  };
}

async function filled(): Promise<Tables> {
  const tables = createMemoryTables();
  const ledger = aLedger();
  ledger.take(anObservation());
  const { chain, pools } = ledger.heads();
  if (!chain) throw new Error('The ledger has no head.');
  await append(tables, await readHeads(tables, key), [
    { chain, entries: ledger.entries(), heads: pools, removedHeads: [] },
  ]);
  await insertAttempt(tables, anAttempt());
  await writeFacts(tables, key, { readAt: now, window: { value: aWindowReading() }, latest: {} });
  await writePolicy(tables, { mode: 'enforce' });
  return tables;
}

describe('the layout of rows', () => {
  it('is read where it is ours', async () => {
    const tables = await filled();
    expect((await readHeads(tables, key)).pools).toHaveLength(1);
    expect(await readStarts(tables)).toMatchObject({ attempts: [{}], unread: [] });
    expect(await readFacts(tables, key)).toMatchObject({ readAt: now });
  });

  it('that only a newer version explains is not guessed at: heads fail, claims count, facts are read again', async () => {
    const newer = inNewerLayout(await filled());
    await expect(readHeads(newer, key)).rejects.toThrow('was written by a newer version of the keeper (2)');
    expect(await readStarts(newer)).toMatchObject({ attempts: [], unread: [{ key }] });
    expect((await readSubscriptionFacts(newer, subscriptionOf(key))).facts.size).toBe(0);
  });
});

describe('times in rows', () => {
  it.each([
    ['2026-01-14T01:30:00Z', '2026-01-14T01:30:00.5Z'],
    ['2026-01-14T01:30:00.05Z', '2026-01-14T01:30:00.5Z'],
    ['2026-01-14T03:29:00+02:00', '2026-01-14T01:30:00Z'],
  ])('holds that were made at %s and %s stand in that order', async (first, second) => {
    const tables = createMemoryTables();
    const hold = { scope: 'fleet', owner: 'ann', reason: 'x', createdBy: 'ann' } as const;
    await holds.insert(tables, { ...hold, id: 'a', createdAt: second });
    await holds.insert(tables, { ...hold, id: 'b', createdAt: first });
    expect((await readPolicy(tables)).holds?.map(({ id }) => id)).toEqual(['b', 'a']);
    const page = await holds.list(tables, { limit: 1 });
    expect(page.values.map(({ id }) => id)).toEqual(['b']);
    expect((await holds.list(tables, { limit: 1, from: page.next })).values.map(({ id }) => id)).toEqual(['a']);
  });

  it('come back as they were written, to the nanosecond', async () => {
    const tables = createMemoryTables();
    const intendedAt = after(0).add({ nanoseconds: 1 });
    await insertAttempt(tables, anAttempt({ intendedAt, acceptedAt: undefined }));
    const [stored] = (await readStarts(tables)).attempts;
    expect(stored?.attempt.intendedAt.equals(intendedAt)).toBe(true);
    expect(stored?.attempt.acceptedAt).toBeUndefined();
  });
});

it('a 409 counts once where the answer to its verdict was lost', async () => {
  const tables = createMemoryTables();
  let isLost = true;
  const losing: Tables = {
    ...tables,
    write: async (...change) => {
      const written = await tables.write(...change);
      const answer = isLost ? 'conflict' : written;
      isLost = false;
      return answer;
    },
  };
  const refused = { status: 409, code: 'OperationNotAllowed', message: 'Another operation is in progress.' };
  const verdict = await updateVerdict(losing, key, 'apps', now, (known) => verdictOf('apps', refused, known, now));
  expect(verdict.conflicts?.count).toBe(1);
  expect(await readVerdict(tables, key, 'apps')).toMatchObject({ value: { conflicts: { count: 1 } } });
  const next = after(10);
  const again = await updateVerdict(losing, key, 'apps', next, (known) => verdictOf('apps', refused, known, next));
  expect(again.conflicts?.count).toBe(2);
});
