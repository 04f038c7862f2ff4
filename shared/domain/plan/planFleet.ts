// The planner over the whole fleet, and the turns in a ring. Called by the pass, GET /api/plan?at= and the preview of a policy.
import type { Temporal } from 'temporal-polyfill';
import type { ClusterFacts } from '../rings/clusterFacts.ts';
import type { FleetState } from '../rings/ringState.ts';
import { type Decision, verdicts } from './decision.ts';
import { plan } from './plan.ts';
import { byName, byPoolOrder } from './poolOrder.ts';
import { atLimit } from './ringGates.ts';
import { blocked, trippedOver } from './unjudged.ts';

export type Planned = {
  readonly facts: ClusterFacts;
  readonly decisions: readonly Decision[];
  /** Why the cluster could not be judged; then its pools are blocked. */
  readonly problem?: string;
};

type State = Pick<FleetState, 'policy' | 'rings'>;

/** The decisions on every cluster of `fleet`. In a ring of limited concurrency no more start than have room. */
export function planFleet(fleet: readonly ClusterFacts[], state: State, now: Temporal.Instant): readonly Planned[] {
  const planned = fleet.map((facts) => planCluster(facts, state, now));
  const late = new Map(
    state.rings.flatMap(({ ring: { name, concurrency }, inFlight }) => {
      if (concurrency === undefined) return [];
      const room = Math.max(concurrency - inFlight.length, 0);
      const sentence = atLimit(name, concurrency);
      return startsIn(planned, name)
        .slice(room)
        .map((decision) => [decision, sentence] as const);
    }),
  );
  return planned.map(({ decisions, ...rest }) => ({
    ...rest,
    decisions: decisions.map((decision) => waiting(decision, late.get(decision))),
  }));
}

/** The border around a cluster: what its data does to the planner stays with it. */
function planCluster(facts: ClusterFacts, { policy, rings }: State, now: Temporal.Instant): Planned {
  try {
    return { facts, decisions: plan(facts, policy, now, rings) };
  } catch (error) {
    const problem = trippedOver(error);
    return { facts, decisions: blocked(facts.cluster, problem, now), problem };
  }
}

function startsIn(planned: readonly Planned[], ring: string): readonly Decision[] {
  return planned
    .flatMap(({ facts, decisions }) =>
      decisions.flatMap((decision) => {
        const pool = facts.cluster.nodePools.find(({ name }) => name === decision.nodePool);
        return pool && decision.reason === 'start' && decision.ring === ring ? [{ pool, decision }] : [];
      }),
    )
    .sort((a, b) => byPoolOrder(a.pool, b.pool) || byName(a.decision.cluster, b.decision.cluster))
    .map(({ decision }) => decision);
}

function waiting(decision: Decision, sentence: string | undefined): Decision {
  return sentence === undefined ? decision : refused(decision, 'concurrencyLimit', sentence);
}

/** The same decision for a pool that is not to start after all. */
export function refused(
  decision: Decision,
  reason: 'concurrencyLimit' | 'budget' | 'ringWaiting',
  sentence: string,
): Decision {
  const { window: _window, estimateMinutes: _minutes, startBy: _startBy, willOverrun: _overrun, ...rest } = decision;
  return { ...rest, verdict: verdicts[reason], reason, sentence };
}
