// Amends the rolls that a cluster's evidence explains. Called at every observation, as roll and evidence come in any order, and
// by confirmEvidence.
import { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { isReported, lagMinutes, takeBack } from '../../domain/evidence/activity.ts';
import { attribute, type KnownRoll } from '../../domain/evidence/attribute.ts';
import type { ChangeEvidence } from '../../domain/evidence/changeEvidence.ts';
import { fold, isRoll } from '../../domain/ledger/historyRow.ts';
import type { Entry } from '../../domain/ledger/ledger.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { readEvidence } from '../../stores/evidenceStore.ts';
import { readEntries, readHeads } from '../../stores/ledgerStore.ts';
import { noteUnconfirmed } from '../../stores/unconfirmedStore.ts';
import type { Dependencies } from '../dependencies.ts';
import { amend } from './amend.ts';

/** Longer than any roll, and than Event Grid keeps trying to deliver. */
const reachMinutes = 2 * 24 * 60;
/** The Activity Log is asked for so long: a little longer than it lags, so that it is asked again when it must know. */
const askedMinutes = lagMinutes + 15;

/** What events alone say of a roll is recorded so often: somebody may send thousands of them. The Activity Log always counts. */
const maxReported = 10;

export async function attributeRolls(dependencies: Dependencies, clusterId: string): Promise<void> {
  const { clock, tables, arm } = dependencies;
  const key = clusterKey(clusterId);
  const recent = clock.now().subtract({ minutes: askedMinutes });
  const evidence = await readEvidence(tables, key);
  const oldest = evidence.at(-1)?.at.subtract({ minutes: reachMinutes });
  if (!oldest && !(await hasEntrySince(dependencies, key, recent))) return;
  const since = oldest && isBefore(oldest, recent) ? oldest : recent;
  const entries = await entriesSince(dependencies, key, since.epochMilliseconds);
  const amendments = entries.filter((entry) => entry.kind === 'amendment');
  const rolls: readonly KnownRoll[] = entries.filter(isRoll).map((row) => ({ row, folded: fold(row, amendments) }));
  const ownIds = evidence.length > 0 ? await arm.ownIds() : [];
  for (const roll of rolls) {
    const own = amendments.filter(({ amends }) => amends === roll.row.sequence);
    const news = attribute(roll, rolls, evidence, ownIds) ?? takeBack(roll, own, evidence);
    const isTooMuch = news?.evidence === 'reported' && own.filter(({ evidence: word }) => word).length >= maxReported;
    if (news && !isTooMuch) await amend(dependencies, clusterId, roll.row.sequence, news);
  }
  await noteWaiting(dependencies, key, evidence, rolls);
}

/** Rolls of which nothing was heard are asked for too: the answer to the keeper's own request may be what was lost. */
async function noteWaiting(
  { clock, tables }: Dependencies,
  key: ClusterKey,
  evidence: readonly ChangeEvidence[],
  rolls: readonly KnownRoll[],
): Promise<void> {
  const now = clock.now();
  const recent = now.subtract({ minutes: askedMinutes }).epochMilliseconds;
  const operations = evidence.filter(isReported);
  const unknown = rolls.filter(({ row, folded }) => {
    const isOpen = folded.cause === 'unknown' || folded.evidence === 'reported';
    return isOpen && row.outcome !== 'notStarted' && Date.parse(row.recordedAt) > recent;
  });
  const from = [
    ...operations.map(({ at }) => at.epochMilliseconds),
    ...unknown.map(({ row }) => Date.parse(row.startedBetween[0] ?? row.startedBetween[1])),
  ];
  if (from.length === 0) return;
  const waits = [...operations.map(({ id }) => id), ...unknown.map(({ row }) => `entry ${row.sequence}`)];
  const oldest = Temporal.Instant.fromEpochMilliseconds(Math.min(...from));
  await noteUnconfirmed(tables, key, { waits, from: oldest, until: now.add({ minutes: askedMinutes }) });
}

async function hasEntrySince({ tables }: Dependencies, key: ClusterKey, since: Temporal.Instant): Promise<boolean> {
  const { pools } = await readHeads(tables, key);
  return pools.some(({ recordedAt }) => isBefore(since, recordedAt));
}

async function entriesSince({ tables }: Dependencies, key: ClusterKey, since: number): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of readEntries(tables, key)) {
    if (Date.parse(entry.recordedAt) < since) break;
    entries.unshift(entry);
  }
  return entries;
}
