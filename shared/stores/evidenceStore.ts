// Evidence of who changed a cluster: a partition a cluster, newest first, kept for 90 days.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import type { ClusterKey } from '../domain/cluster/clusterId.ts';
import { ChangeEvidence, type OperationEvidence } from '../domain/evidence/changeEvidence.ts';
import { byTime } from '../domain/text/stored.ts';
import type { Tables } from '../ports/tables.ts';
import { descending } from './rows/keys.ts';
import { deleteRows, listRows, listValues } from './rows/listRows.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

const evidenceRows = { table: 'Evidence', schema: ChangeEvidence } as const;

/** The same event delivered again is the same row, and takes no room. @param room rows at most, in the order given */
export async function keepEvidence(
  tables: Tables,
  key: ClusterKey,
  evidence: readonly ChangeEvidence[],
  room: number,
): Promise<{ readonly kept: number; readonly dropped: number }> {
  const rows = new Map(evidence.map((one) => [rowKeyOf(one), one]));
  let kept = 0;
  let dropped = 0;
  for (const [rowKey, value] of rows) {
    if (kept < room) {
      const result = await tables.write('Evidence', key, [{ kind: 'insert', rowKey, value }]);
      if (result === 'written') kept += 1;
    } else if (dropped > 0 || !(await tables.get('Evidence', key, rowKey))) {
      // After the first that is new, the rest is counted without a look.
      dropped += 1;
    }
  }
  return { kept, dropped };
}

/**
 * What the Activity Log has judged, or tells itself, stands in a partition of its own and counts in place of what events said:
 * no event can change it, and code from before, which knows no such evidence, does not read it in a rolling deployment.
 */
const loggedPartition = (key: ClusterKey) => `logged|${key}`;

export async function keepLogged(tables: Tables, key: ClusterKey, some: readonly OperationEvidence[]): Promise<void> {
  const changes = some.map((evidence) => ({ kind: 'upsert', rowKey: rowKeyOf(evidence), value: evidence }) as const);
  await writeInBatches(tables, 'Evidence', loggedPartition(key), changes);
}

function rowKeyOf({ kind, id, at }: ChangeEvidence): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, id]))
    .digest('hex');
  return `${descending(at.epochMilliseconds)}|${digest}`;
}

/** Newest first. What can't be read is none. */
export async function readEvidence(tables: Tables, key: ClusterKey): Promise<readonly ChangeEvidence[]> {
  const told = await listValues(tables, evidenceRows, key);
  const logged = await listValues(tables, evidenceRows, loggedPartition(key));
  const judged = new Set(logged.map(({ id }) => id));
  const events = told.filter(({ kind, id }) => kind === 'scheduled' || !judged.has(id));
  return [...events, ...logged].sort((a, b) => byTime(b.at, a.at));
}

export async function deleteEvidenceBefore(tables: Tables, key: ClusterKey, oldest: Temporal.Instant): Promise<void> {
  const from = descending(oldest.epochMilliseconds - 1);
  for (const partition of [key, loggedPartition(key)]) {
    await deleteRows(tables, 'Evidence', partition, await listRows(tables, 'Evidence', partition, { from }));
  }
}
