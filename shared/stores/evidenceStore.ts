// Evidence of who changed a cluster: a partition a cluster, newest first, kept for 90 days.
import { createHash } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey } from '../domain/cluster/clusterId.ts';
import { ChangeEvidence } from '../domain/observe/changeEvidence.ts';
import type { Tables } from '../ports/tables.ts';
import { descending } from './rows/keys.ts';
import { deleteRows, listRows, listValues } from './rows/listRows.ts';

const evidenceRows = { table: 'Evidence', schema: ChangeEvidence } as const;

/** The same event delivered again is the same row. */
export async function keepEvidence(tables: Tables, evidence: ChangeEvidence): Promise<void> {
  const identity = JSON.stringify([evidence.kind, evidence.id]);
  const digest = createHash('sha256').update(identity).digest('hex');
  const rowKey = `${descending(evidence.at.epochMilliseconds)}|${digest}`;
  await tables.write('Evidence', clusterKey(evidence.cluster), [{ kind: 'upsert', rowKey, value: evidence }]);
}

/** Newest first. What can't be read is none. */
export function readEvidence(tables: Tables, key: ClusterKey): Promise<readonly ChangeEvidence[]> {
  return listValues(tables, evidenceRows, key);
}

export async function deleteEvidenceBefore(tables: Tables, key: ClusterKey, oldest: Temporal.Instant): Promise<void> {
  const from = descending(oldest.epochMilliseconds - 1);
  await deleteRows(tables, 'Evidence', key, await listRows(tables, 'Evidence', key, { from }));
}
