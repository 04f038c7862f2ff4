// Judges how far what names who did it is believed: whoever forged an event is never proven. Called by judgeLedger.ts.
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Rolled } from '../../record/stored.ts';

const minute = 60_000;
/** The log is asked for an hour and a quarter, every five minutes, of what it must know after one. */
const judgedAfter = 80 * minute;

/** Those who did nothing in any run. */
export function isForged({ actor }: Rolled): boolean {
  return actor?.name.includes('Mallory') ?? false;
}

export function judgeEvidence(record: RunRecord, clusterKey: string, entry: Rolled, wrong: Wrong): void {
  const { actor, evidence, cause } = entry;
  const forged = record.forged.filter(
    (one) => one.clusterKey === clusterKey && one.nodePool === entry.nodePool.toLowerCase(),
  );
  if (actor && evidence === undefined) wrong('evidence', 'it does not say how far it can be trusted');
  if (evidence === 'notInActivityLog') {
    if (actor) wrong('evidence', `taken back, and ${actor.name} is named all the same`);
    if (forged.length === 0) wrong('evidence', 'taken back, though nobody forged anything about this pool');
  }
  // The identity of the keeper, as the simulated ARM takes it from the token.
  if (cause === 'manual' && actor?.name.includes('72f98a3e-0000-4000-8000-0000000000c1')) {
    wrong('evidence', "manual, but it was the keeper's own identity");
  }
  if (!isForged(entry)) return;
  if (evidence !== 'reported') wrong('evidence', `forged, but ${evidence}`);
  const last = Math.max(...forged.map(({ at }) => at));
  const isOver = last > record.quietFrom && last + judgedAfter < record.endedAt;
  if (isOver) wrong('evidence', 'forged, and still believed when the Activity Log had long been read');
}
