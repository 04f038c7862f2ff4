// Brings a cluster's history views up to its ledger. Called after an append, and again by a delayed message sent before
// it, so that a crash between the two loses nothing. Projecting twice changes nothing.
import { clusterKey } from '../domain/cluster.ts';
import type { HistoryRow } from '../domain/ledger.ts';
import type { Tables } from '../ports.ts';
import { project, readCursor } from '../stores/historyStore.ts';
import { readEntries } from '../stores/ledgerStore.ts';
import type { ProjectMessage } from './messages.ts';

export async function projectCluster({ tables }: { readonly tables: Tables }, message: ProjectMessage): Promise<void> {
  const key = clusterKey(message.clusterId);
  let done = false;
  while (!done) {
    const cursor = await readCursor(tables, key);
    let sequence = cursor.sequence;
    const rows: HistoryRow[] = [];
    for await (const entry of readEntries(tables, key, cursor.sequence)) {
      sequence = Math.max(sequence, entry.sequence);
      if (entry.kind === 'transition' || entry.kind === 'rolled') {
        rows.push({ id: `${key}|${entry.sequence}`, ...entry });
      }
    }
    if (sequence === cursor.sequence) return;
    done = (await project(tables, key, rows, cursor, sequence)) === 'written';
  }
}
