// The holds over a pool. Asked by the gate held, and by ringState.
import { Temporal } from 'temporal-polyfill';
import { covers, type Hold } from '../policy/hold.ts';
import type { Span } from '../policy/span.ts';
import { isIn } from '../policy/span.ts';
import type { PoolFacts } from './poolFacts.ts';

/**
 * True while a hold is set on this very pool or its cluster: a person says to go on without it. One on a ring, a release or
 * the fleet, the failure limit's among them, says the contrary.
 */
export function isHeldApart(context: PoolFacts): boolean {
  return holdsOver(context)
    .filter(({ scope }) => scope === 'cluster' || scope === 'nodePool')
    .some((hold) => isIn(spanOfHold(hold), context.now));
}

export function holdsOver({ policy, facts, pool, latest, ring }: PoolFacts): readonly Hold[] {
  const about = { latest: 'problem' in latest ? undefined : latest.value, ring: ring?.name };
  return (policy.holds ?? []).filter((hold) => covers(hold, facts.cluster, pool, about));
}

export function spanOfHold({ from, until }: Hold): Span {
  return { from: instant(from), until: instant(until) };
}

function instant(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text);
}
