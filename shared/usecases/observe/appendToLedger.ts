// The one door to the ledger. Called by recordObservation, amend and recordGaps.
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import type { Append } from '../../domain/ledger/append.ts';
import { append, type HeadsRead, readHeads } from '../../stores/ledgerStore.ts';
import { startNotificationCursor } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { describeEntry } from './describeEntry.ts';
import { projectDelaySeconds, projectLedger } from './projectLedger.ts';

const tries = 8;

export type LedgerWriter = Pick<Dependencies, 'clock' | 'tables' | 'queues' | 'topic' | 'log'>;

export type Decided<Outcome> = { readonly appends: readonly Append[]; readonly outcome: Outcome };

/**
 * The message that projects and the notification cursor come before the append: a crash behind it loses neither.
 * @param decide reads ARM after the heads, so that nothing older than they are is appended
 * @throws when others change the ledger all the time; nothing was written
 */
export async function appendToLedger<Outcome>(
  { tables, queues, topic, log }: LedgerWriter,
  clusterId: string,
  decide: (heads: HeadsRead) => Promise<Decided<Outcome>>,
): Promise<Outcome> {
  const key = clusterKey(clusterId);
  for (let tried = 0; tried < tries; tried += 1) {
    const heads = await readHeads(tables, key);
    const { appends, outcome } = await decide(heads);
    if (appends.length === 0) return outcome;
    const entries = appends.flatMap((one) => one.entries);
    if (entries.length > 0) {
      await queues.send('project-cluster', { clusterId }, projectDelaySeconds);
      if (topic) await startNotificationCursor(tables, key, heads.chain?.sequence ?? 0);
    }
    if ((await append(tables, heads, appends)) === 'conflict') continue;
    for (const entry of entries) log.info(describeEntry(entry));
    // Also without news: this makes good a projection that failed to the end, its message poisoned.
    await projectLedger({ tables }, { clusterId });
    return outcome;
  }
  throw new Error(`The ledger of ${key} was changed by others ${tries} times in a row; try again.`);
}
