// Amends the rolls that a cluster's evidence explains. Called at every observation: roll and evidence come in any order.
import { clusterKey } from '../../domain/cluster/clusterId.ts';
import { fold, isRoll } from '../../domain/ledger/historyRow.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import { attribute, type KnownRoll } from '../../domain/observe/attribute.ts';
import { readEvidence } from '../../stores/evidenceStore.ts';
import { readEntries } from '../../stores/ledgerStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { amend } from './amend.ts';

/** Longer than any roll, and than Event Grid keeps trying to deliver. */
const reach = 2 * 24 * 3_600_000;

export async function attributeRolls(dependencies: Dependencies, clusterId: string): Promise<void> {
  const { tables } = dependencies;
  const key = clusterKey(clusterId);
  const evidence = await readEvidence(tables, key);
  const oldest = evidence.at(-1)?.at;
  if (oldest === undefined) return;
  const entries: Entry[] = [];
  for await (const entry of readEntries(tables, key)) {
    if (Date.parse(entry.recordedAt) < oldest.epochMilliseconds - reach) break;
    entries.unshift(entry);
  }
  const amendments = entries.filter((entry) => entry.kind === 'amendment');
  const rolls: readonly KnownRoll[] = entries.filter(isRoll).map((row) => ({ row, folded: fold(row, amendments) }));
  for (const roll of rolls) {
    const news = attribute(roll, rolls, evidence);
    if (news) await amend(dependencies, clusterId, roll.row.sequence, news);
  }
}
