// Entries may hold fields that the code of now does not know, as a later version's do: they are hashed, kept and shown.
import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { readClusterHistory } from '../../shared/stores/views/historyStore.ts';
import { checkRecord } from '../../shared/usecases/history/checkRecord.ts';
import { amend } from '../../shared/usecases/observe/amend.ts';
import { projectLedger } from '../../shared/usecases/observe/projectLedger.ts';
import { clusterId } from '../builders.ts';
import { canonical } from '../simulation/judge/own/canonical.ts';
import { listOf, tablesWith } from './goldenRows.ts';

const verify = (tables: Tables) =>
  checkRecord({ tables, digests: createMemoryDocuments(), subscriptions: [] }, { cluster: clusterId });

describe('an entry with fields that the code of now does not know', () => {
  const common = {
    cluster: clusterId,
    nodePool: 'apps',
    observedAt: '2026-10-02T10:00:00Z',
    recordedAt: '2026-10-02T10:00:01Z',
  };
  const unknown = { approvedBy: { name: 'Zoë', tickets: [3, { id: 'T-1', isOpen: null }] }, '🜁': 1.5e-7 };
  const bodies = [
    { ...common, kind: 'firstSeen', nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202601.07.0', ...unknown },
    {
      ...common,
      kind: 'transition',
      from: 'AKSUbuntu-2204gen2containerd-202601.07.0',
      to: 'AKSUbuntu-2204gen2containerd-202601.13.0',
      startedBetween: ['2026-10-02T09:00:00Z', '2026-10-02T10:00:00Z'],
      completedAt: '2026-10-02T10:00:00Z',
      cause: 'unknown',
      inWindow: 'unknown',
      outcome: 'succeeded',
      proof: 'pool',
      ...unknown,
      nodes: { total: 3, upToDate: 3, zones: ['1', '2'] },
    },
  ];

  it('verifies, and is shown whole in the history', async () => {
    const { tables, verdicts, history } = await withChain(bodies);
    expect(verdicts).toMatchObject([{ whole: true, entries: 2, projectedTo: 2 }]);
    expect(history).toEqual([
      expect.objectContaining({ sequence: 2, ...unknown, nodes: { total: 3, upToDate: 3, zones: ['1', '2'] } }),
      expect.objectContaining({ sequence: 1, ...unknown }),
    ]);
    const person = { kind: 'person', name: 'Ann' } as const;
    const news = { source: { name: 'resourceEvents', id: 'e-1' }, cause: 'manual', actor: person } as const;
    await amend(dependenciesOf(tables), clusterId, 2, news);
    expect(await historyOf(tables)).toContainEqual(
      expect.objectContaining({ sequence: 2, ...unknown, cause: 'manual', actor: person, amendedBy: [3] }),
    );
    expect((await verify(tables)).verdicts).toMatchObject([{ whole: true, entries: 3, projectedTo: 3 }]);
  });

  it.each([1, 2])('does not verify where the hash of entry %i covers only what is known', async (sequence) => {
    const { verdicts } = await withChain(bodies, sequence);
    expect(verdicts[0]?.firstBreak).toEqual({ sequence, problem: `Entry ${sequence} does not match its hash.` });
  });

  /** Numbers and links the bodies, in the words of docs/ledger-chain.md. @param uncovered whose hash leaves the unknown out */
  async function withChain(all: readonly object[], uncovered = 0) {
    let previousHash = '0'.repeat(64);
    const entries = all.map((body, index) => {
      const unhashed: Record<string, unknown> = { ...body, sequence: index + 1, previousHash };
      const { approvedBy: _approvedBy, '🜁': _air, ...known } = unhashed;
      const covered = canonical(index + 1 === uncovered ? known : unhashed);
      previousHash = createHash('sha256').update(covered, 'utf8').digest('hex');
      return { ...unhashed, hash: previousHash };
    });
    const chain = { cluster: clusterId, sequence: entries.length, hash: previousHash, observedAt: common.observedAt };
    const row = (rowKey: string, value: unknown) =>
      ({ of: 'alone', table: 'Ledger', partition: keyOf(clusterId), rowKey, value }) as const;
    const log = entries.map((entry, index) => row(`log|${String(999_999_999_999_998 - index)}`, entry));
    const tables = await tablesWith([row('head', chain), ...log]);
    await projectLedger({ tables }, { clusterId });
    return { tables, history: await historyOf(tables), ...(await verify(tables)) };
  }
});

function keyOf(id: string): string {
  const [, , sub, , group, , , , name] = id.split('/');
  return `${sub}|${group}|${name}`.toLowerCase();
}

async function historyOf(tables: Tables): Promise<readonly unknown[]> {
  const found = await listOf(readClusterHistory(tables, keyOf(clusterId), undefined, async () => undefined));
  return JSON.parse(JSON.stringify(found.map(({ row }) => row))) as readonly unknown[];
}

const dependenciesOf = (tables: Tables) => ({
  clock: { now: () => Temporal.Instant.from('2026-10-03T00:00:00Z') },
  tables,
  digests: createMemoryDocuments(),
  queues: { countPoisoned: async () => 0, send: async () => undefined },
  log: { info: () => undefined, warn: () => undefined },
});
