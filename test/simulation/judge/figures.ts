// What many runs come to, in figures. Used by main.ts.
import type { RunRecord } from '../record/record.ts';
import type { Verdict } from './checker.ts';

export type Figures = {
  readonly add: (record: RunRecord, verdict: Verdict) => void;
  readonly lines: () => readonly string[];
};

const week = 7 * 86_400_000;

type Counts = Map<string, number>;

function createSums() {
  const sums = {
    runs: 0,
    weeks: 0,
    invocations: 0,
    requests: 0,
    starts: 0,
    transitions: 0,
    told: 0,
    rolls: 0,
    promotions: 0,
    judged: 0,
    afterRings: 0,
    failing: 0,
  };
  const counts = (): Counts => new Map();
  const waits: { readonly seed: number; readonly waited: number; readonly bound: number }[] = [];
  return { sums, waits, faults: counts(), told: counts(), acts: counts(), outcomes: counts(), checks: counts() };
}

type Sums = ReturnType<typeof createSums>;

export function createFigures(): Figures {
  const all = createSums();
  return {
    add: (record, verdict) => {
      addSums(all, record, verdict);
      addCounts(all, record, verdict);
    },
    lines: () => linesOf(all),
  };
}

function addSums({ sums, waits }: Sums, record: RunRecord, { violations, waits: waited, promotions }: Verdict): void {
  sums.runs += 1;
  sums.weeks += (record.endedAt - record.startedAt) / week;
  sums.invocations += record.invocations.length;
  sums.requests += record.posts.length;
  sums.starts += record.posts.filter(({ status }) => status === 202).length;
  sums.rolls += record.truth.rolls.length;
  sums.promotions += promotions;
  sums.told += record.taken.length;
  sums.judged += waited.judged;
  sums.afterRings += waited.afterRings;
  sums.failing += violations.length > 0 ? 1 : 0;
  const kinds = [...record.ledgers.values()].flatMap(({ entries }) => entries.map(({ kind }) => kind));
  sums.transitions += kinds.filter((kind) => kind === 'transition' || kind === 'rolled').length;
  if (waited.worst) waits.push({ seed: record.seed, ...waited.worst });
}

function addCounts({ faults, told, acts, outcomes, checks }: Sums, record: RunRecord, { violations }: Verdict): void {
  for (const [kind, times] of record.faults) count(faults, kind, times);
  for (const { notification } of record.taken) count(told, notification.type);
  for (const { outcome = 'under way' } of record.invocations) count(outcomes, outcome);
  for (const { check } of violations) count(checks, check);
  for (const line of record.trace) {
    const act = /^\S+ people: (\w+) /.exec(line)?.[1];
    if (act && /[a-z][A-Z]|^(upgrade|retag|rechannel|scale)$/.test(act)) count(acts, act);
  }
}

function count(map: Counts, name: string, by = 1): void {
  map.set(name, (map.get(name) ?? 0) + by);
}

function linesOf({ sums, waits, faults, told, acts, outcomes, checks }: Sums): readonly string[] {
  const faultsInAll = [...faults.values()].reduce((a, b) => a + b, 0);
  return [
    `runs              ${sums.runs}, ${sums.weeks.toFixed(0)} simulated weeks, ${sums.invocations} invocations (${list(outcomes)})`,
    `requests to start ${sums.requests}, of them ${sums.starts} began a roll, ${sums.promotions} were for later rings; ${sums.rolls} rolls in all, whoever began them`,
    `ledger            ${sums.transitions} transitions and rolls`,
    `notifications     ${sums.told}: ${list(told)}`,
    `faults            ${faultsInAll}: ${list(faults)}`,
    `people            ${list(acts)}`,
    `waits             ${sums.judged} pools judged, ${sums.afterRings} of them in later rings; worst, in occurrences of those allowed: ${worst(waits)}`,
    `violations        in ${sums.failing} runs${checks.size > 0 ? `: ${list(checks)}` : ''}`,
  ];
}

function list(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([name, times]) => `${name} ${times}`).join(', ') || 'none';
}

function worst(waits: readonly { readonly seed: number; readonly waited: number; readonly bound: number }[]): string {
  const sorted = [...waits].sort((a, b) => b.waited / b.bound - a.waited / a.bound);
  return sorted
    .slice(0, 5)
    .map(({ seed, waited, bound }) => `${waited} of ${bound} (seed ${seed})`)
    .join(', ');
}
