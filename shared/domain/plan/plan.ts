// Facts about one cluster -> a decision for each of its pools. Called at every pass, and on fresh reads right before a start.
import type { Temporal } from 'temporal-polyfill';
import type { NodePool } from '../cluster/cluster.ts';
import { estimateMinutes } from '../cluster/estimate.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import type { ClusterFacts } from '../rings/clusterFacts.ts';
import { type PoolFacts, poolFacts } from '../rings/poolFacts.ts';
import type { Refusal } from '../rings/refusal.ts';
import type { RingState } from '../rings/ringState.ts';
import { valueIn } from '../text/read.ts';
import { textOf } from '../window/instants.ts';
import { knownWindow } from '../window/knownWindow.ts';
import { windowAt } from '../window/maintenanceWindow.ts';
import { fitsWindow, startBy } from '../window/windowFit.ts';
import { type Decision, gateOrder, type RefusalReason, verdicts } from './decision.ts';
import type { PoolContext } from './gate.ts';
import { gates } from './gates.ts';
import { byPoolOrder } from './poolOrder.ts';
import { countedApproval } from './ringGates.ts';
import { blocked } from './unjudged.ts';

/** The decisions on all pools of a cluster, in ARM's order: at most one of them is `start`. @param rings from fleetState */
export function plan(
  facts: ClusterFacts,
  policy: PolicyInForce,
  now: Temporal.Instant,
  rings: readonly RingState[] = [],
): readonly Decision[] {
  if (facts.cluster.unread !== undefined) return blocked(facts.cluster, facts.cluster.unread, now);
  const known = knownWindow(facts.window);
  const window = known.kind === 'window' ? { ...known, at: windowAt(known.window, now) } : known;
  const judged = facts.cluster.nodePools.map((pool) => judge(poolFacts(facts, policy, pool, now), window, rings));
  const [first, ...others] = judged.filter(isReady).sort(byTurn);
  return judged.map((pool) => {
    const waits = first !== undefined && others.includes(pool);
    return toDecision(waits ? { ...pool, refusals: withTurn(pool.refusals, first.context.pool) } : pool);
  });
}

type Refused = Refusal & { readonly reason: RefusalReason };
/** `refusals`: in the order of the gates. */
type JudgedPool = { readonly context: PoolContext; readonly refusals: readonly Refused[] };

function judge(about: PoolFacts, window: PoolContext['window'], rings: readonly RingState[]): JudgedPool {
  const { pool, head, policy } = about;
  const minutes = estimateMinutes(pool, head, policy.policy.estimate?.minutesPerBatch);
  const context = { ...about, window, estimateMinutes: minutes, rings };
  const refusals: Refused[] = [];
  for (const reason of gateOrder) {
    const said = reason === 'poolOrder' ? undefined : gates[reason](context);
    if (said !== undefined) refusals.push(typeof said === 'string' ? { sentence: said, reason } : { ...said, reason });
  }
  return { context, refusals };
}

// These refuse the whole cluster alike, or a ring of it, so pools queue in spite of them.
const wholeCluster = new Set<RefusalReason>(['budget', 'clockSkew', 'observeOnly']);

/** The pools that have to queue: the rest, be they up to date, stopped or failed, stand in nobody's way. */
function isReady({ refusals }: JudgedPool): boolean {
  return refusals.every(({ reason }) => wholeCluster.has(reason));
}

/** A ring can be in mode observe while the others of its cluster's pools are started: its pools come last. */
function byTurn(a: JudgedPool, b: JudgedPool): number {
  const isObserved = ({ refusals }: JudgedPool) => refusals.some(({ reason }) => reason === 'observeOnly');
  return Number(isObserved(a)) - Number(isObserved(b)) || byPoolOrder(a.context.pool, b.context.pool);
}

function withTurn(refusals: readonly Refused[], first: NodePool): readonly Refused[] {
  const sentence = `One pool of a cluster at a time, and pool ${first.name} goes first.`;
  const placeOf = ({ reason }: Refused) => gateOrder.indexOf(reason);
  return [...refusals, { reason: 'poolOrder', sentence } as const].sort((a, b) => placeOf(a) - placeOf(b));
}

function toDecision({ context, refusals }: JudgedPool): Decision {
  const first = refusals[0];
  const { facts, pool, now, ring } = context;
  const latest = valueIn(context.latest);
  const upgrade = `pool ${pool.name} from ${pool.nodeImageVersion} to ${latest}`;
  const about = {
    cluster: facts.cluster.id,
    nodePool: pool.name,
    current: pool.nodeImageVersion,
    latest,
    ring: ring?.name,
    decidedAt: textOf(now),
    also: refusals.slice(1).map(({ reason, sentence }) => ({ reason, sentence })),
  };
  if (!first) {
    const { sentence, ...start } = startOf(context);
    return { ...about, verdict: 'start', reason: 'start', sentence: `Upgrades ${upgrade}. ${sentence}`, ...start };
  }
  const { reason, sentence, nextEligibleAt } = first;
  const decision = {
    ...about,
    verdict: verdicts[reason],
    reason,
    sentence,
    nextEligibleAt: nextEligibleAt && textOf(nextEligibleAt),
    // Its turn comes in this occurrence, when the pools before it have ended.
    ...(reason === 'poolOrder' && { estimateMinutes: context.estimateMinutes }),
  };
  // The last gate: all others let the pool pass, so this is what would have started.
  if (reason !== 'observeOnly') return decision;
  return { ...decision, ...startOf(context), sentence: `${sentence} Otherwise it would now upgrade ${upgrade}.` };
}

function startOf(context: PoolContext) {
  const { window, now, estimateMinutes } = context;
  if (window.kind !== 'window' || window.at.state !== 'open' || estimateMinutes === undefined) {
    throw new Error('A start needs an open window and an estimate.');
  }
  const { occurrence, closesAt } = window.at;
  const willOverrun = fitsWindow(window.at, now, estimateMinutes) === 'overruns' || undefined;
  const end = willOverrun ? ', longer than any occurrence allows: it will overrun' : '';
  const sentence = `The window is open until ${textOf(closesAt)}; the roll takes about ${estimateMinutes} minutes${end}.`;
  const { opensAt, closesAt: ends } = occurrence;
  const approval = countedApproval(context);
  return {
    sentence,
    window: { opensAt: textOf(opensAt), closesAt: textOf(ends) },
    estimateMinutes,
    startBy: textOf(startBy(window.at, estimateMinutes, willOverrun)),
    willOverrun,
    approval: approval && { id: approval.id, approvedBy: approval.approvedBy },
  };
}
