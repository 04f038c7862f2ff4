// Tells the topic what follows from the entries of a cluster's ledger that it was not told of. Called for each message of the
// queue project-cluster, and by the planning pass for clusters that stayed behind.
import { type ClusterKey, idOfKey, subscriptionOf } from '../../domain/cluster/cluster.ts';
import { fromEntries } from '../../domain/notification/fromEntries.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { UnreadableRow } from '../../ports/tables.ts';
import { listWithAmended, readHeads } from '../../stores/ledgerStore.ts';
import { moveTold, readMark, readTold, startedRow, type Told } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { publish } from './publish.ts';

/** What is older when its turn comes is news to nobody: a topic was off for long, or down. */
const newsDays = 30;

/**
 * Telling twice changes nothing for whoever drops doubles by id. The cursor moves when the topic has taken all.
 * @returns false when the topic did not take them
 */
export async function announceCluster(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'topic' | 'log'>,
  key: ClusterKey,
  policy: Policy,
): Promise<boolean> {
  const { clock, tables } = dependencies;
  for (;;) {
    const told = await toldOf(dependencies, key);
    // Nothing was appended since there is a topic.
    if (!told) return true;
    const entries = await listWithAmended(tables, key, told.sequence);
    const newest = entries[0];
    if (!newest || newest.sequence <= told.sequence) return true;
    const oldest = clock.now().subtract({ hours: newsDays * 24 });
    const old = entries.find(({ recordedAt }) => Date.parse(recordedAt) < oldest.epochMilliseconds);
    const notifications = fromEntries(entries, Math.max(told.sequence, old?.sequence ?? 0));
    const started = notifications.some(({ type }) => type === 'AttemptStarted')
      ? await readMark(tables, subscriptionOf(key), startedRow(key))
      : undefined;
    const untold = notifications.filter(({ id }) => id !== started?.id);
    if (!(await publish(dependencies, policy, untold))) return false;
    // News of who did it may come when the cluster is long gone.
    const mayEnd = newest.kind === 'amendment' || (newest.kind === 'gone' && newest.nodePool === undefined);
    const ends = mayEnd && (await readHeads(tables, key)).chain?.gone === true;
    if ((await moveTold(tables, key, told, { sequence: newest.sequence, ends })) === 'written') return true;
  }
}

/** Where nobody knows how far a ledger was told, nothing of it is told any more: neither twice nor half of it. */
async function toldOf(
  { tables, log }: Pick<Dependencies, 'tables' | 'log'>,
  key: ClusterKey,
): Promise<Told | undefined> {
  try {
    return await readTold(tables, key);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    log.warn(
      `Nothing is told of ${idOfKey(key) ?? key}: ${error.message} Delete it to be told of what comes from then on.`,
    );
    return undefined;
  }
}
