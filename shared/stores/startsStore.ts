// The attempts in flight: one row a cluster, so that a cluster never has two. A row has no expiry; it leaves when the
// attempt's end is in the ledger.
import type { Attempt } from '../domain/attempt.ts';
import { clusterKey } from '../domain/cluster.ts';
import type { Tables } from '../ports.ts';

export type StoredAttempt = { readonly attempt: Attempt; readonly etag: string };

const partition = 'starts';
const rowOf = (clusterId: string) => `cluster|${clusterKey(clusterId)}`;

export async function listAttempts(tables: Tables): Promise<readonly StoredAttempt[]> {
  const attempts: StoredAttempt[] = [];
  for await (const row of tables.query('Starts', partition)) {
    attempts.push({ attempt: row.value as Attempt, etag: row.etag });
  }
  return attempts;
}

export async function getAttempt(tables: Tables, clusterId: string): Promise<StoredAttempt | undefined> {
  const row = await tables.get('Starts', partition, rowOf(clusterId));
  return row && { attempt: row.value as Attempt, etag: row.etag };
}

/** Claims the cluster for this attempt; false when it has another in flight. */
export async function insertAttempt(tables: Tables, attempt: Attempt): Promise<boolean> {
  const rowKey = rowOf(attempt.cluster);
  if ((await tables.write('Starts', partition, [{ kind: 'insert', rowKey, value: attempt }])) === 'written')
    return true;
  // An insert whose answer was lost is sent again and finds its own row.
  return (await getAttempt(tables, attempt.cluster))?.attempt.id === attempt.id;
}

/** False when the row is another attempt's, or gone, or changed meanwhile. */
export async function replaceAttempt(tables: Tables, attempt: Attempt): Promise<boolean> {
  const stored = await getAttempt(tables, attempt.cluster);
  if (stored?.attempt.id !== attempt.id) return false;
  const change = { kind: 'replace', rowKey: rowOf(attempt.cluster), value: attempt, etag: stored.etag } as const;
  return (await tables.write('Starts', partition, [change])) === 'written';
}

/** Removes this attempt's row; another attempt's row stays. True for the one caller that removed it. */
export async function removeAttempt(tables: Tables, attempt: Attempt): Promise<boolean> {
  const stored = await getAttempt(tables, attempt.cluster);
  if (stored?.attempt.id !== attempt.id) return false;
  const removed = await tables.write('Starts', partition, [
    { kind: 'delete', rowKey: rowOf(attempt.cluster), etag: stored.etag },
  ]);
  return removed === 'written';
}
