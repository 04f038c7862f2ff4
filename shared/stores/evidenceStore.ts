// Evidence of who changed a cluster: a partition a cluster, newest first, kept for 90 days.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey } from '../domain/cluster/cluster.ts';
import { ChangeEvidence } from '../domain/observe/changeEvidence.ts';
import type { RowChange, Tables } from '../ports/tables.ts';
import { descending } from './rows/keys.ts';
import { valueIfRead } from './rows/readRow.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

const evidenceRows = { table: 'Evidence', schema: ChangeEvidence } as const;

/** Keeps evidence; the same event delivered again is the same row. */
export async function keepEvidence(tables: Tables, evidence: ChangeEvidence): Promise<void> {
  const digest = createHash('sha256')
    .update(JSON.stringify([evidence.kind, evidence.id]))
    .digest('hex');
  const rowKey = `${descending(evidence.at.epochMilliseconds)}|${digest}`;
  await tables.write('Evidence', clusterKey(evidence.cluster), [{ kind: 'upsert', rowKey, value: evidence }]);
}

/** All evidence of a cluster, newest first. What can't be read is none. */
export async function readEvidence(tables: Tables, key: ClusterKey): Promise<readonly ChangeEvidence[]> {
  const evidence: ChangeEvidence[] = [];
  for await (const row of tables.query('Evidence', key)) {
    const value = valueIfRead(evidenceRows, row);
    if (value) evidence.push(value);
  }
  return evidence;
}

/** Deletes a cluster's evidence from before `oldest`. */
export async function deleteEvidenceBefore(tables: Tables, key: ClusterKey, oldest: Temporal.Instant): Promise<void> {
  const changes: RowChange[] = [];
  const from = descending(oldest.epochMilliseconds - 1);
  for await (const { rowKey, etag } of tables.query('Evidence', key, { from })) {
    changes.push({ kind: 'delete', rowKey, etag });
  }
  await writeInBatches(tables, 'Evidence', key, changes);
}
