// Makes the index of the history for rows that were projected by code that knew none, and tidies it. verifyClusters does it, where
// GET /api/history found no index, and after each weekly check.
import { subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { readEntry } from '../../stores/ledgerStore.ts';
import { readKnownPools, readMonths } from '../../stores/views/historyIndex.ts';
import { readCursor } from '../../stores/views/historyStore.ts';
import { claimIndexing, readComplete, sweepTerms, writeComplete } from '../../stores/views/historyTerms.ts';
import type { Dependencies } from '../dependencies.ts';
import type { IndexMessage } from '../messages.ts';
import { projectLedger } from '../observe/projectLedger.ts';

/** An instance of the version before may still project for so long. */
const settledMinutes = 10;
const secondsPerMessage = 120;
/** Each is one partition more to read for a query. */
const maxExcept = 10;
/** A projection that was held up is over by then. */
const sweptHours = 24;

type Parts = Pick<Dependencies, 'clock' | 'tables' | 'queues' | 'log'>;

/** Asks for the index where there is none; until it is there, the months answer. */
export async function askForIndex(
  { clock, tables, queues }: Pick<Dependencies, 'clock' | 'tables' | 'queues'>,
  subscription: string,
): Promise<void> {
  if ((await readMonths(tables, subscription)).length === 0) return;
  const now = clock.now();
  const isOver = (at: typeof now) => now.since(at).total('minutes') > 2 * settledMinutes;
  if (!(await claimIndexing(tables, subscription, now, isOver))) return;
  await queues.send('verify-history', { kind: 'index', subscription } satisfies IndexMessage, 0);
}

/** The index is complete when, some minutes after it was made, no cluster lacks in it. A cluster that can't be read stays out of it. */
export async function indexHistory(parts: Parts, { subscription }: Pick<IndexMessage, 'subscription'>): Promise<void> {
  const { clock, tables, queues, log } = parts;
  const end = clock.now().add({ seconds: secondsPerMessage });
  const again = (seconds: number) =>
    queues.send('verify-history', { kind: 'index', subscription } satisfies IndexMessage, seconds);
  const clusters = new Map((await readKnownPools(tables, subscription)).map(({ key, cluster }) => [key, cluster]));
  const except: string[] = [];
  let changed = 0;
  for (const [key, clusterId] of clusters) {
    if (subscriptionOf(key) !== subscription) continue;
    const { sequence, byTarget } = await readCursor(tables, key);
    if (sequence > 0 && sequence === byTarget) continue;
    if (clock.now().since(end).sign > 0) return again(0);
    try {
      await projectLedger(parts, { clusterId });
      changed += 1;
    } catch (error) {
      log.warn(`The history of ${clusterId} is not in the index: ${messageOf(error)}`);
      except.push(key);
    }
  }
  if (except.length > maxExcept) {
    return log.warn(`The history of ${subscription} has no index: ${except.length} clusters can't be read.`);
  }
  if (changed > 0 && !(await readComplete(tables, subscription))) return again(settledMinutes * 60);
  await writeComplete(tables, subscription, except);
  const settled = clock.now().subtract({ hours: sweptHours }).epochMilliseconds;
  await sweepTerms(tables, subscription, async (key, newest) => {
    const entry = await readEntry(tables, key, newest);
    return entry !== undefined && Date.parse(entry.recordedAt) < settled;
  });
}
