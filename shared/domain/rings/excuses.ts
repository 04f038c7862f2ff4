// Why no start is awaited on a pool: the gates ask, and so does ringState, as later rings don't wait for such a pool.
import { Temporal } from 'temporal-polyfill';
import { whyNotUpgradable } from '../cluster/poolKind.ts';
import { covers, type Hold } from '../policy/hold.ts';
import { isIn, type Span } from '../policy/span.ts';
import { onceFor } from '../text/onceFor.ts';
import { valueIn } from '../text/read.ts';
import type { PoolFacts } from './poolFacts.ts';
import { type Refusal, starterRefusal } from './refusal.ts';

type PoolGate = (about: PoolFacts) => Refusal | string | undefined;

export const unsupportedPool: PoolGate = (context) => {
  const { pool } = context;
  const why = whyNotUpgradable(pool);
  if (why !== undefined) return why;
  const { snapshotId } = pool;
  return snapshotId
    ? `The pool's image is pinned by its owner to the snapshot ${snapshotId}.`
    : starterRefusal(context, 'unsupportedPool');
};

export const clusterStopped: PoolGate = ({ facts }) => stopped('cluster', facts.cluster.powerState);
export const poolStopped: PoolGate = ({ pool }) => stopped('pool', pool.powerState);

function stopped(what: string, powerState: string): string | undefined {
  if (powerState.toLowerCase() === 'running') return undefined;
  return `The ${what}'s power state is ${powerState}; only a running ${what} can be upgraded.`;
}

export function isExcused(about: PoolFacts): boolean {
  const gates = [clusterStopped, poolStopped, unsupportedPool];
  return isHeldApart(about) || gates.some((gate) => gate(about) !== undefined);
}

/** A hold on this very pool or its cluster says to go on without it; one on a ring, a release or the fleet says the contrary. */
export function isHeldApart(about: PoolFacts): boolean {
  return holdsOver(about)
    .filter(({ scope }) => scope === 'cluster' || scope === 'nodePool')
    .some((hold) => isIn(spanOfHold(hold), about.now));
}

export function holdsOver({ policy, facts, pool, latest, ring }: PoolFacts): readonly Hold[] {
  const about = { latest: valueIn(latest), ring: ring?.name };
  return (policy.holds ?? []).filter((hold) => covers(hold, facts.cluster, pool, about));
}

export const spanOfHold = onceFor(({ from, until }: Hold): Span => {
  const instant = (text: string | undefined) => (text === undefined ? undefined : Temporal.Instant.from(text));
  return { from: instant(from), until: instant(until) };
});
