// Occurrences without a start on a pool that was due, by the window as it is now. Called by weekReport and announceMissed.
import { Temporal } from 'temporal-polyfill';
import { poolKey } from '../cluster/clusterId.ts';
import { isNewer } from '../image/nodeImageVersion.ts';
import { isRoll } from '../ledger/historyRow.ts';
import type { FoldedRoll } from '../ledger/ledger.ts';
import type { Decision } from '../plan/decision.ts';
import { knownWindow } from '../window/knownWindow.ts';
import { occurrencesBetween } from '../window/maintenanceWindow.ts';
import type { ReportFacts, ReportPool } from './reportFacts.ts';

export type MissedWindows = ReturnType<typeof missedWindows>[number];

/** Nothing newer was there or offered to the pool, or a roll was under way. */
const notDue: readonly Decision['reason'][] = [
  'notSelected',
  'unsupportedPool',
  'upToDate',
  'imageUnknown',
  'imageBlocked',
  'imageTooYoung',
  'rolledBack',
  'ringWaiting',
  'attemptInFlight',
];

/** They say when in the window the keeper looked, not why nothing started in it. */
const ofTheClock = new Set<Decision['reason']>(['outsideWindow', 'windowClosing']);

type Facts = Pick<ReportFacts, 'now' | 'pools' | 'rows'> & { readonly week: Omit<ReportFacts['week'], 'name'> };

export function missedWindows({ week, now, pools, rows }: Facts) {
  const rolls = rows.filter(isRoll);
  const until = Temporal.Instant.compare(week.to, now) < 0 ? week.to : now;
  return pools.flatMap((pool) => {
    const known = knownWindow(pool.window);
    if (known.kind !== 'window') return [];
    const all = [...occurrencesBetween(known.window, week.from, until)].flatMap(({ opensAt, closesAt }) => {
      const [from, to] = [opensAt.epochMilliseconds, closesAt.epochMilliseconds];
      // One that has not closed yet may still be used; one that opened before belongs to the week before.
      if (from < week.from.epochMilliseconds || to > now.epochMilliseconds) return [];
      const missed = missedIn(pool, rolls, from, to);
      return missed ? [{ missed, window: { opensAt: opensAt.toString(), closesAt: closesAt.toString() } }] : [];
    });
    return [...Map.groupBy(all, ({ missed }) => JSON.stringify(missed)).values()].flatMap((alike) =>
      alike.slice(0, 1).map(({ missed }) => ({ ...missed, windows: alike.map(({ window }) => window) })),
    );
  });
}

function missedIn(pool: ReportPool, rolls: readonly FoldedRoll[], from: number, to: number) {
  const { cluster, nodePool, decisions } = pool;
  const inForce = decisions.find(({ decidedAt }) => Date.parse(decidedAt) <= from);
  const meanwhile = decisions.filter(({ decidedAt }) => Date.parse(decidedAt) > from && Date.parse(decidedAt) < to);
  const known = [...meanwhile, ...(inForce ? [inForce] : [])];
  if (known.some((decision) => refuses(decision, 'attemptInFlight'))) return undefined;
  const said = known.find(({ reason }) => !ofTheClock.has(reason)) ?? known[0];
  // Behind a reason to act on, such as an approval, the release may not have been due yet.
  if (!said || refuses(said, ...notDue) || said.current === undefined || said.latest === undefined) return undefined;
  if (isNewer(said.latest, said.current) !== true) return undefined;
  const key = poolKey(cluster.id, nodePool.name);
  const ofPool = rolls.filter((roll) => poolKey(roll.cluster, roll.nodePool) === key);
  if (ofPool.some((roll) => mayHaveStarted(roll, from, to))) return undefined;
  const { current, latest, reason, sentence } = said;
  return { cluster: cluster.id, nodePool: nodePool.name, current, latest, reason, sentence };
}

function refuses({ reason, also }: Decision, ...reasons: readonly Decision['reason'][]): boolean {
  return [reason, ...also.map((other) => other.reason)].some((one) => reasons.includes(one));
}

function mayHaveStarted({ startedAt, startedBetween }: FoldedRoll, from: number, to: number): boolean {
  const [after, notAfter] = startedAt === undefined ? startedBetween : [startedAt, startedAt];
  return Date.parse(notAfter) >= from && (after === null || Date.parse(after) < to);
}
