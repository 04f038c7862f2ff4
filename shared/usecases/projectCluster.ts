// Brings a cluster's history views up to its ledger. Called after an append, and again by a delayed message sent before
// it, so that a crash between the two loses nothing. Projecting twice changes nothing.
import { type ClusterKey, clusterKey } from '../domain/cluster.ts';
import { historyRows, newestIn } from '../domain/historyRow.ts';
import type { Entry } from '../domain/ledger.ts';
import type { Tables } from '../ports.ts';
import { project, readCursor } from '../stores/historyStore.ts';
import { listEntries } from '../stores/ledgerStore.ts';
import type { ProjectMessage } from './messages.ts';

/** A crash between an append and its projection is made good this much later. */
export const projectDelaySeconds = 60;

export async function projectCluster({ tables }: { readonly tables: Tables }, message: ProjectMessage): Promise<void> {
  const key = clusterKey(message.clusterId);
  let done = false;
  while (!done) {
    const cursor = await readCursor(tables, key);
    const entries = await readWithAmended(tables, key, cursor.sequence);
    const newest = Math.max(cursor.sequence, ...entries.map(({ sequence }) => sequence));
    if (newest === cursor.sequence) return;
    const rows = historyRows(entries).filter((row) => newestIn(row) > cursor.sequence);
    done = (await project(tables, key, rows, cursor, newest)) === 'written';
  }
}

/** The entries after `sequence`; and where some amend earlier ones, everything from those on, so that rows are whole. */
async function readWithAmended(tables: Tables, key: ClusterKey, sequence: number): Promise<readonly Entry[]> {
  const news = await listEntries(tables, key, sequence);
  const amended = news.flatMap((entry) => (entry.kind === 'amendment' ? [entry.amends] : []));
  const oldest = Math.min(sequence + 1, ...amended);
  return oldest > sequence ? news : listEntries(tables, key, oldest - 1);
}
