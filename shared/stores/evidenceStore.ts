// Evidence of who changed a cluster: a partition a cluster, newest first, kept for 90 days.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import type { ClusterKey } from '../domain/cluster/clusterId.ts';
import { ChangeEvidence } from '../domain/observe/changeEvidence.ts';
import type { Tables } from '../ports/tables.ts';
import { descending } from './rows/keys.ts';
import { deleteRows, listRows, listValues } from './rows/listRows.ts';

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

function rowKeyOf({ kind, id, at }: ChangeEvidence): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, id]))
    .digest('hex');
  return `${descending(at.epochMilliseconds)}|${digest}`;
}

/** Newest first. What can't be read is none. */
export function readEvidence(tables: Tables, key: ClusterKey): Promise<readonly ChangeEvidence[]> {
  return listValues(tables, evidenceRows, key);
}

export async function deleteEvidenceBefore(tables: Tables, key: ClusterKey, oldest: Temporal.Instant): Promise<void> {
  const from = descending(oldest.epochMilliseconds - 1);
  await deleteRows(tables, 'Evidence', key, await listRows(tables, 'Evidence', key, { from }));
}
