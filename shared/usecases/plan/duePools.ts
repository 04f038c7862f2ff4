// The pools that wait for a slot: what is to start, and clusters that nobody has read yet. Called by giveSlots.
import type { Temporal } from 'temporal-polyfill';
import { ofPool, poolOf } from '../../domain/cluster/cluster.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { type DuePool, startByOf } from '../../domain/plan/turns.ts';
import { isStanding, type Slots, slotName } from '../../stores/starts/slotsStore.ts';
import { requestsOf } from '../start/takeStart.ts';
import { isNotReadYet } from './clusterFacts.ts';
import type { Decided } from './gatherFleet.ts';
import { poolsToRead } from './readClusterFacts.ts';

/** None, or one: a cluster's pools go one after the other. */
export function dueOf(one: Decided, rings: readonly string[], slots: Slots): readonly DuePool[] {
  const { facts, heads, decisions } = one;
  const start = decisions.find(({ reason }) => reason === 'start');
  const decision = start ?? firstLook(one);
  const pool = decision && poolOf(facts.cluster, decision.nodePool);
  // A start needs a head that knows the image it leaves; the observation queued by this pass brings it.
  const head = decision && ofPool(heads.pools, decision.nodePool);
  if (!decision || !pool || head?.nodeImageVersion !== decision.current) return [];
  const startBy = startByOf(decision);
  const after = decisions.filter(({ reason }) => reason === 'poolOrder');
  const minutes = after.reduce((sum, { estimateMinutes = 0 }) => sum + estimateMinutes, 0);
  const { missed = 0 } = slots.get(slotName(decision.cluster, decision.nodePool))?.slot ?? {};
  const ring = rings.indexOf(decision.ring ?? '');
  const pools = start ? [pool.name] : [...poolsToRead(facts.cluster)];
  return [
    {
      decision,
      pool,
      pools,
      requests: requestsOf(pools),
      startBy,
      clusterStartBy: startBy - minutes * 60_000,
      missed,
      ring,
    },
  ];
}

/** Of a cluster whose window and images nobody has read: its start reads them first, and judges then. */
function firstLook({ facts, decisions }: Decided): Decision | undefined {
  if (!isNotReadYet(facts)) return undefined;
  const unread = ({ reason, also }: Decision) => reason === 'readFailed' && also.length === 0;
  return decisions.find((decision) => unread(decision) && !facts.latest[decision.nodePool.toLowerCase()]);
}

/** Its slot stands, or it gets one as soon as it is in the ledger. */
export function isLookedAt(one: Decided, slots: Slots, now: Temporal.Instant): boolean {
  const decision = firstLook(one);
  if (!decision) return false;
  const slot = slots.get(slotName(decision.cluster, decision.nodePool))?.slot;
  return isStanding(slot, now) || ofPool(one.heads.pools, decision.nodePool) === undefined;
}
