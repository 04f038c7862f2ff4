// Judges what was recorded against what happened: every change once, with its right images, time, cause and window.
// Called by checker.ts for each cluster.
import type { RunRecord, Violation, Wrong } from '../../record/record.ts';
import type { Entry, Ledger, Rolled } from '../../record/stored.ts';
import type { TrueRoll } from '../../record/truth.ts';
import { canonical } from '../own/canonical.ts';
import { brokenChain } from '../own/chain.ts';
import { judgeDigests } from './judgeDigests.ts';
import { judgeDirection } from './judgeDirection.ts';
import { judgeDrift } from './judgeDrift.ts';
import { judgeEvidence } from './judgeEvidence.ts';
import { judgeGaps } from './judgeGaps.ts';
import { judgeEnd, judgeImages, judgeShown } from './judgeImages.ts';
import { judgeFirstSeen, judgeGone } from './judgePresence.ts';
import { judgeBehind, judgeProof, judgeStartsBehind } from './judgeProof.ts';
import { judgeRoll } from './judgeRoll.ts';

export function judgeLedger(record: RunRecord, clusterKey: string, ledger: Ledger): readonly Violation[] {
  const problems: Violation[] = [];
  const name = clusterKey.split('|')[2];
  const wrong: Wrong = (check, what) => problems.push({ check, what: `${name}: ${what}` });
  const broken = brokenChain(ledger);
  if (broken) wrong('chain', broken);
  judgeDigests(record, clusterKey, ledger, wrong);
  judgeImages(ledger, wrong);
  judgeShown(record, clusterKey, ledger, wrong);
  judgeEnd(record, clusterKey, ledger, wrong);
  const taken = new Set<TrueRoll>();
  for (const entry of ledger.entries) {
    judgeEntry(record, clusterKey, ledger, entry, taken, (check, what) =>
      wrong(check, `entry ${entry.sequence} (${entry.kind} ${entry.nodePool}): ${what}`),
    );
  }
  judgeGaps(record, clusterKey, ledger, wrong);
  judgeBehind(record, clusterKey, ledger, wrong);
  judgeStartsBehind(record, clusterKey, ledger, wrong);
  judgeViews(ledger, wrong);
  return problems;
}

function judgeEntry(
  record: RunRecord,
  clusterKey: string,
  ledger: Ledger,
  entry: Entry,
  taken: Set<TrueRoll>,
  say: Wrong,
): void {
  // A pool that ARM made up, and showed for a while.
  if (/^fake\d+$/.test(entry.nodePool ?? '') && record.hasFakePools) return;
  if (entry.kind === 'gone') judgeGone(record, clusterKey, ledger, entry, say);
  if (entry.kind === 'firstSeen') judgeFirstSeen(record, clusterKey, entry, say);
  if (entry.kind === 'transition' || entry.kind === 'rolled') {
    const roll = amended(entry, ledger);
    judgeRoll(record, clusterKey, ledger, roll, taken, say);
    judgeEvidence(record, clusterKey, roll, say);
    judgeDrift(record, entry, say);
    judgeProof(record, clusterKey, entry, entry, say);
    judgeDirection(record, clusterKey, entry, say);
  }
  if (entry.kind === 'amendment') {
    const roll = ledger.entries.find(({ sequence }) => sequence === entry.amends);
    if (roll?.kind === 'transition' || roll?.kind === 'rolled') judgeProof(record, clusterKey, entry, roll, say);
    else say('amendment', 'it amends no roll');
  }
}

/** A roll with what was learnt about it later, the last word counting. */
function amended(entry: Rolled, { entries }: Ledger): Rolled {
  const own = entries.flatMap((one) => (one.kind === 'amendment' && one.amends === entry.sequence ? [one] : []));
  if (own.length === 0) return entry;
  let row: Rolled = entry;
  for (const { cause, inWindow, window, actor, evidence, reason, outcome, proof, nodes } of own) {
    // Who was named, and what was made of it, is taken back.
    const { actor: _actor, window: _window, ...rest } = row;
    const held = entry.window && { window: entry.window };
    if (evidence === 'notInActivityLog') row = { ...rest, ...held, cause: entry.cause, inWindow: entry.inWindow };
    const said = JSON.stringify({ cause, inWindow, window, actor, evidence, reason, outcome, proof, nodes });
    row = { ...row, ...(JSON.parse(said) as Partial<Rolled>) };
    const { proofProblem: _problem, ...proven } = row;
    // A proof that came later is not weak any more.
    if (row.proof !== 'pool') row = proven;
  }
  return Object.assign({}, row, { amendedBy: own.map(({ sequence }) => sequence) });
}

function judgeViews(ledger: Ledger, wrong: Wrong): void {
  const { entries, clusterView, monthView } = ledger;
  const expected = entries
    .filter(({ kind }) => kind !== 'amendment')
    .map((entry) => canonical(entry.kind === 'transition' || entry.kind === 'rolled' ? amended(entry, ledger) : entry))
    .sort();
  for (const [name, view] of Object.entries({ cluster: clusterView, month: monthView })) {
    const rows = view.map((row) => canonical({ ...(row as object), id: undefined })).sort();
    if (JSON.stringify(rows) !== JSON.stringify(expected)) {
      wrong('views', `the ${name} view has ${rows.length} rows, the ledger ${expected.length}, or they differ`);
    }
  }
}
