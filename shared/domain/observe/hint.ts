// What an event says about a roll, and when it is believed: events come twice, late, in any order. Called by observe.
import type { Temporal } from 'temporal-polyfill';
import { samePool } from '../cluster/cluster.ts';
import type { Heads } from '../ledger/heads.ts';
import { byTime, isBefore } from '../text/stored.ts';
import type { Observation } from './observation.ts';
import { lastLook, type Seen } from './seen.ts';

/** Event Grid gives an event up after 24 hours, so an older one is of no roll that is under way. */
export const eventHours = 24;

/** A pool seen upgrading began before that, one that stood still at the last look after it: other events are of other rolls. */
export function announcedStart(seen: Seen): Temporal.Instant | undefined {
  const { head, observation } = seen;
  const { rolling } = head;
  // Nobody can tell which of the rolls that followed each other it began.
  if (rolling?.mayBeAnother) return undefined;
  const after = rolling ? rolling.startedBetween[0] : lastLook(seen);
  const since = after === null ? oldestEvent(observation) : later(after, head.recordedAt);
  const notAfter = rolling?.isUpgrade ? rolling.startedBetween[1] : observation.observedAt;
  return announced('started', head.nodePool, observation, since, notAfter);
}

export function announcedFirstStart({ chain }: Heads, nodePool: string, observation: Observation) {
  const seenAt = chain && !chain.gone ? chain.observedAt : undefined;
  return announced('started', nodePool, observation, seenAt ?? oldestEvent(observation));
}

/** When the roll ended by the hint. An end from before the last look, or before `startedAt`, is an earlier roll's. */
export function announcedEnd(seen: Seen, startedAt: Temporal.Instant | undefined): Temporal.Instant | undefined {
  const { head, observation } = seen;
  const seenAt = later(lastLook(seen), head.recordedAt);
  return announced('ended', head.nodePool, observation, startedAt ? later(seenAt, startedAt) : seenAt);
}

function announced(
  what: 'started' | 'ended',
  nodePool: string,
  { hints = [], observedAt }: Observation,
  since: Temporal.Instant,
  notAfter = observedAt,
): Temporal.Instant | undefined {
  const times = hints
    .filter((hint) => samePool(hint.nodePool, nodePool) && (hint.kind === 'rollStarted') === (what === 'started'))
    .map(({ at }) => at)
    .filter((at) => isBefore(since, at) && !isBefore(notAfter, at))
    .toSorted(byTime);
  const last = times.at(-1);
  // The pool stands still since the last of several ends. Of several starts nobody can tell which of the rolls is meant.
  return what === 'ended' || times.every((at) => last?.equals(at)) ? last : undefined;
}

function oldestEvent({ observedAt }: Observation): Temporal.Instant {
  return observedAt.subtract({ hours: eventHours });
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return isBefore(a, b) ? b : a;
}
