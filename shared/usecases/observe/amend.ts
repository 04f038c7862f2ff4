// Adds to the ledger what was learnt about a roll after it was recorded. Called by attributeRolls, and by whoever proves one.
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { amendmentOf, isKnown, type News } from '../../domain/ledger/amendment.ts';
import { toAppend } from '../../domain/ledger/append.ts';
import { isRoll } from '../../domain/ledger/historyRow.ts';
import { listEntries, readEntry } from '../../stores/ledgerStore.ts';
import { appendToLedger, type Decided, type LedgerWriter } from './appendToLedger.ts';

/** `known`: the ledger said so already. `notThere`: the cluster has no transition or roll of that sequence. */
export type AmendResult = 'appended' | 'known' | 'notThere';

/** Once however often the news comes. @param sequence of the entry that it is of */
export function amend(dependencies: LedgerWriter, clusterId: string, sequence: number, news: News) {
  const { clock, tables } = dependencies;
  const key = clusterKey(clusterId);
  return appendToLedger(dependencies, clusterId, async ({ chain }): Promise<Decided<AmendResult>> => {
    const amended = await readEntry(tables, key, sequence);
    if (!chain || !amended || !isRoll(amended)) return { appends: [], outcome: 'notThere' };
    const now = clock.now();
    const amendment = amendmentOf(amended, news, now.toString());
    // After the heads: an amendment that is appended meanwhile moves them, and ours finds a conflict.
    if (isKnown(await listEntries(tables, key, sequence), amendment)) return { appends: [], outcome: 'known' };
    return { appends: [toAppend(chain, [amendment], now)], outcome: 'appended' };
  });
}
