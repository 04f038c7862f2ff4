// What an event says about a roll, and when it may be believed: events come twice, late and in any order, and name a pool
// and a time only. Called by observe.
import { Temporal } from 'temporal-polyfill';
import { samePool } from '../cluster/cluster.ts';
import type { Heads, PoolHead } from '../ledger/heads.ts';
import type { Observation } from './observation.ts';

/** Event Grid gives an event up after 24 hours, so an older one is of no roll that is under way. */
const eventHours = 24;

/**
 * When the roll of this pool began by the hint, if it can have begun then: a pool seen upgrading began before that, and
 * one that stood still at the last look began after it. Any other Started is an earlier or a later roll's.
 */
export function announcedStart(heads: Heads, head: PoolHead, observation: Observation): Temporal.Instant | undefined {
  const { rolling } = head;
  // Which of the rolls that followed each other it began can't be told.
  if (rolling?.mayBeAnother) return undefined;
  const after = rolling ? rolling.startedBetween[0] : lastLook(heads, head, observation);
  const since = after === null ? oldestEvent(observation) : later(after, head.recordedAt);
  const notAfter = rolling?.isUpgrade ? rolling.startedBetween[1] : observation.observedAt;
  return announced('started', head.nodePool, observation, since, notAfter);
}

/** The same for a pool without a head. */
export function announcedFirstStart(
  heads: Heads,
  nodePool: string,
  observation: Observation,
): Temporal.Instant | undefined {
  const seenAt = heads.chain && !heads.chain.gone ? heads.chain.observedAt : undefined;
  return announced('started', nodePool, observation, seenAt ?? oldestEvent(observation), observation.observedAt);
}

/** When the roll ended by the hint. An end from before the last look, or before `startedAt`, is an earlier roll's. */
export function announcedEnd(
  heads: Heads,
  head: PoolHead,
  observation: Observation,
  startedAt: Temporal.Instant | undefined,
): Temporal.Instant | undefined {
  const seenAt = later(lastLook(heads, head, observation), head.recordedAt);
  const since = startedAt ? later(seenAt, startedAt) : seenAt;
  return announced('ended', head.nodePool, observation, since, observation.observedAt);
}

/** When the read before this one was sent; not after this one, as the clocks of two instances differ. */
export function lastLook({ chain }: Heads, head: PoolHead, { observedAt }: Observation): Temporal.Instant {
  const seenAt = chain?.observedAt ?? head.recordedAt;
  return Temporal.Instant.compare(seenAt, observedAt) <= 0 ? seenAt : observedAt;
}

function announced(
  what: 'started' | 'ended',
  nodePool: string,
  { hint }: Observation,
  since: Temporal.Instant,
  notAfter: Temporal.Instant,
): Temporal.Instant | undefined {
  if (!hint || !samePool(hint.nodePool, nodePool)) return undefined;
  if ((hint.kind === 'rollStarted' ? 'started' : 'ended') !== what) return undefined;
  const isCurrent = Temporal.Instant.compare(hint.at, since) > 0 && Temporal.Instant.compare(hint.at, notAfter) <= 0;
  return isCurrent ? hint.at : undefined;
}

function oldestEvent({ observedAt }: Observation): Temporal.Instant {
  return observedAt.subtract({ hours: eventHours });
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b;
}
