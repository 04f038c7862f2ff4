// Judges what was recorded against what happened: every change once, with its right images, time, cause and window.
// Called by checker.ts for each cluster.
import { createHash } from 'node:crypto';
import { firstBrokenEntry } from '../../../../shared/domain/ledger/chain.ts';
import type { Entry } from '../../../../shared/domain/ledger/ledger.ts';
import type { Ledger, RunRecord, Wrong } from '../../record/record.ts';
import { keyOf, type TrueRoll } from '../../world/truth.ts';
import type { Violation } from '../checker.ts';
import { canonical } from '../own/canonical.ts';
import { judgeDrift } from './judgeDrift.ts';
import { judgeGaps } from './judgeGaps.ts';
import { judgeEnd, judgeImages, judgeShown } from './judgeImages.ts';
import { judgeBehind, judgeProof, judgeStartsBehind } from './judgeProof.ts';
import { judgeRoll } from './judgeRoll.ts';
import { poolsNear } from './poolsNear.ts';

type Rolled = Extract<Entry, { kind: 'transition' | 'rolled' }>;

export function judgeLedger(record: RunRecord, clusterKey: string, ledger: Ledger): readonly Violation[] {
  const problems: Violation[] = [];
  const name = clusterKey.split('|')[2];
  const wrong: Wrong = (check, what) => problems.push({ check, what: `${name}: ${what}` });
  const broken = firstBrokenEntry(ledger.entries, ledger.chain);
  if (broken) wrong('chain', `entry ${broken.sequence}: ${broken.problem}`);
  judgeHash(ledger, wrong);
  judgeDigests(record, clusterKey, ledger, wrong);
  judgeImages(ledger, wrong);
  judgeShown(record, clusterKey, ledger, wrong);
  judgeEnd(record, clusterKey, ledger, wrong);
  const taken = new Set<TrueRoll>();
  for (const entry of ledger.entries) {
    const say: Wrong = (check, what) =>
      wrong(check, `entry ${entry.sequence} (${entry.kind} ${entry.nodePool}): ${what}`);
    if (entry.kind === 'gone') judgeGone(record, clusterKey, ledger, entry, say);
    if (entry.kind === 'firstSeen') judgeFirstSeen(record, clusterKey, entry, say);
    if (entry.kind === 'transition' || entry.kind === 'rolled') {
      judgeRoll(record, clusterKey, ledger, amended(entry, ledger), taken, say);
      judgeDrift(record, entry, say);
      judgeProof(record, clusterKey, entry, entry, say);
    }
    if (entry.kind === 'amendment') {
      const roll = ledger.entries.find(({ sequence }) => sequence === entry.amends);
      if (roll?.kind === 'transition' || roll?.kind === 'rolled') judgeProof(record, clusterKey, entry, roll, say);
      else say('amendment', 'it amends no roll');
    }
  }
  judgeGaps(record, clusterKey, ledger, wrong);
  judgeBehind(record, clusterKey, ledger, wrong);
  judgeStartsBehind(record, clusterKey, ledger, wrong);
  judgeViews(ledger, wrong);
  return problems;
}

/** A roll with what was learnt about it later, the last word counting. */
function amended(entry: Rolled, { entries }: Ledger): Rolled {
  const own = entries.flatMap((one) => (one.kind === 'amendment' && one.amends === entry.sequence ? [one] : []));
  if (own.length === 0) return entry;
  const said = own.map(({ cause, inWindow, actor, reason, outcome, proof, nodes }) =>
    JSON.parse(JSON.stringify({ cause, inWindow, actor, reason, outcome, proof, nodes })),
  );
  return Object.assign({}, entry, ...said, { amendedBy: own.map(({ sequence }) => sequence) });
}

/** The hash of one entry, computed without the keeper's code. */
function judgeHash({ entries }: Ledger, wrong: Wrong): void {
  const entry = entries[Math.floor(entries.length / 2)];
  if (!entry) return;
  const { hash, ...rest } = entry;
  if (createHash('sha256').update(canonical(rest)).digest('hex') !== hash)
    wrong('chain', `hash of entry ${entry.sequence}`);
}

/** What a weekly digest names was so, and is for ever; and each names the one before it. */
function judgeDigests(record: RunRecord, clusterKey: string, { entries }: Ledger, wrong: Wrong): void {
  for (const [index, text] of record.digests.entries()) {
    const digest = JSON.parse(text) as {
      readonly week: string;
      readonly at: string;
      readonly previous?: { readonly sha256: string };
      readonly clusters: readonly { readonly cluster: string; readonly sequence: number; readonly hash: string }[];
    };
    const before = record.digests[index - 1];
    const sha256 = before === undefined ? undefined : createHash('sha256').update(before).digest('hex');
    if (digest.previous?.sha256 !== sha256) wrong('digests', `${digest.week} does not name the one before it`);
    const named = digest.clusters.find(({ cluster }) => keyOf(cluster) === clusterKey);
    const hash = named && entries.find(({ sequence }) => sequence === named.sequence)?.hash;
    if (named && hash !== named.hash) wrong('digests', `${digest.week} names entry ${named.sequence} as ${named.hash}`);
    // A cluster is known when its first entry is projected, which a crash can put off.
    const isKnown = entries[0] && Date.parse(entries[0].recordedAt) < Date.parse(digest.at) - 86_400_000;
    if (!named && isKnown) wrong('digests', `${digest.week} does not name it`);
  }
}

function judgeFirstSeen(
  record: RunRecord,
  clusterKey: string,
  entry: Extract<Entry, { kind: 'firstSeen' }>,
  wrong: Wrong,
): void {
  const at = Date.parse(entry.observedAt);
  const there = poolsNear(record, clusterKey, entry.nodePool, at, Date.parse(entry.recordedAt));
  if (!there.some((pool) => pool.moments.some(({ image }) => image === entry.nodeImageVersion))) {
    wrong('true images', `it was never on ${entry.nodeImageVersion}`);
  }
}

/** What is said to be gone was not there, or was not the same. */
function judgeGone(
  record: RunRecord,
  clusterKey: string,
  { entries }: Ledger,
  entry: Extract<Entry, { kind: 'gone' }>,
  wrong: Wrong,
): void {
  const slack = record.largestSkew + 31_000;
  const [from, to] = [Date.parse(entry.observedAt) - slack, Date.parse(entry.observedAt) + slack];
  const seen = entries.findLast(
    (other) =>
      other.kind === 'firstSeen' &&
      other.sequence < entry.sequence &&
      (entry.nodePool === undefined || other.nodePool.toLowerCase() === entry.nodePool.toLowerCase()),
  );
  const uid = seen?.kind === 'firstSeen' ? seen.resourceUid : undefined;
  const stood = record.truth.pools.some(
    (pool) =>
      pool.clusterKey === clusterKey &&
      pool.uid === uid &&
      (entry.nodePool === undefined || pool.name.toLowerCase() === entry.nodePool.toLowerCase()) &&
      pool.from <= from &&
      (pool.until ?? Number.POSITIVE_INFINITY) >= to,
  );
  if (stood) wrong('gone', `it stood at ${entry.observedAt}`);
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
