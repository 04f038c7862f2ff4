// Adds to the ledger what was learnt about a transition or a roll after it was recorded. Called by whatever learns it:
// events that name who did it, proof on the nodes.
import { clusterKey } from '../../domain/cluster/cluster.ts';
import { amendmentOf, isKnown, type News, toAppend } from '../../domain/ledger/amendment.ts';
import { isRoll } from '../../domain/ledger/historyRow.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import { append, listEntries, readEntry, readHeads } from '../../stores/ledgerStore.ts';
import { startNotificationCursor } from '../../stores/notificationsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { describeEntry } from './describeEntry.ts';
import { projectCluster, projectDelaySeconds } from './projectCluster.ts';

const tries = 8;

/** `known`: the ledger said so already. `notThere`: the cluster has no transition or roll of that sequence. */
export type AmendResult =
  | { readonly kind: 'appended'; readonly entry: Entry }
  | { readonly kind: 'known' }
  | { readonly kind: 'notThere' };

/**
 * Appends the news as an amendment of the entry, once however often it comes.
 * @param sequence of the entry in its cluster's ledger
 * @throws when others change the ledger all the time; nothing was written
 */
export async function amend(
  dependencies: Pick<Dependencies, 'clock' | 'tables' | 'queues' | 'topic' | 'log'>,
  clusterId: string,
  sequence: number,
  news: News,
): Promise<AmendResult> {
  const { clock, tables, queues, topic, log } = dependencies;
  const key = clusterKey(clusterId);
  for (let tried = 0; tried < tries; tried += 1) {
    // Heads before entries: an amendment that is appended after this read moves the head, and ours finds a conflict.
    const heads = await readHeads(tables, key);
    const amended = await readEntry(tables, key, sequence);
    if (!heads.chain || !amended || !isRoll(amended)) return { kind: 'notThere' };
    const now = clock.now().toString();
    const amendment = amendmentOf(amended, news, now);
    if (isKnown(await listEntries(tables, key, sequence), amendment)) return { kind: 'known' };
    const one = toAppend(heads.chain, amendment, now);
    await queues.send('project-cluster', { clusterId }, projectDelaySeconds);
    if (topic) await startNotificationCursor(tables, key, heads.chain.sequence);
    if ((await append(tables, heads, [one])) === 'conflict') continue;
    await projectCluster(dependencies, { clusterId });
    const entry = one.entries[0] as Entry;
    log.info(describeEntry(entry));
    return { kind: 'appended', entry };
  }
  throw new Error(`The ledger of ${key} was changed by others ${tries} times while it was amended; try again.`);
}
