// Brings a cluster's history views up to its ledger, as often as you like. Called after an append, and by a delayed message sent
// before it, which makes good a crash. Only the message notifies, so that no append waits for the topic.
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { termsEver } from '../../domain/ledger/historyFilter.ts';
import { historyRows, isRoll, newestIn } from '../../domain/ledger/historyRow.ts';
import type { HistoryRow } from '../../domain/ledger/ledger.ts';
import type { Tables } from '../../ports/tables.ts';
import { listWithAmended } from '../../stores/ledgerStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { project, readCursor } from '../../stores/views/historyStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ProjectMessage } from '../messages.ts';
import { collectEntries } from '../notify/collectEntries.ts';
import { publishNews } from '../notify/publishNews.ts';

/** A crash between an append and its projection is made good this much later. */
export const projectDelaySeconds = 60;

/** The views first: notifying may fail without them. */
export async function followLedger(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'topic' | 'log'>,
  message: ProjectMessage,
): Promise<void> {
  await projectLedger(dependencies, message);
  if (!dependencies.topic) return;
  const { policy } = await readPolicy(dependencies.tables);
  const key = clusterKey(message.clusterId);
  await publishNews(dependencies, policy, subscriptionOf(key), await collectEntries(dependencies, key));
}

export async function projectLedger({ tables }: { readonly tables: Tables }, message: ProjectMessage): Promise<void> {
  const key = clusterKey(message.clusterId);
  let done = false;
  while (!done) {
    const cursor = await readCursor(tables, key);
    const entries = await listWithAmended(tables, key, cursor.byTarget);
    const newest = entries.reduce((most, { sequence }) => Math.max(most, sequence), cursor.sequence);
    if (newest === cursor.byTarget) return;
    const doneTo = (row: HistoryRow) => (isRoll(row) && row.target !== undefined ? cursor.byTarget : cursor.indexed);
    const news = historyRows(entries).filter((row) => newestIn(row) > doneTo(row));
    const rows = news.map((row) => ({ row, terms: termsEver(row, entries) }));
    done = (await project(tables, key, rows, cursor, newest)) === 'written';
  }
}
