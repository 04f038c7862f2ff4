// What a start knows of the rings: as the last pass counted them, and the news since (ADR 19). Called by startAttempt and sendStart.
import type { Temporal } from 'temporal-polyfill';
import type { Attempt } from '../../domain/attempt/attempt.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { refused } from '../../domain/plan/planFleet.ts';
import type { PolicyInForce } from '../../domain/policy/policy.ts';
import { asksForCount, whyNotCounted } from '../../domain/rings/ringCount.ts';
import type { Tables } from '../../ports/tables.ts';
import { type RingsRead, readRings } from '../../stores/starts/ringsStore.ts';
import { readStarts } from '../../stores/starts/startsStore.ts';

/** Undefined where the policy has nobody ask. */
export async function readCounted(
  tables: Tables,
  { policy }: PolicyInForce,
  now: Temporal.Instant,
): Promise<RingsRead | undefined> {
  return asksForCount(policy) ? readRings(tables, now) : undefined;
}

/** Where the rings have not been counted since there was news, no pool is started that goes by how they do. */
export function unlessCounted(
  decision: Decision,
  policy: PolicyInForce,
  counted: RingsRead | undefined,
  now: Temporal.Instant,
): Decision {
  const why = decision.reason === 'start' && counted && whyNotCounted(counted, policy, decision.ring, now);
  return why ? refused(decision, 'ringWaiting', `${why}; the next pass counts anew.`) : decision;
}

/** What counts in the limits of rings, where there are any. */
export async function attemptsInFlight(
  tables: Tables,
  { policy }: PolicyInForce,
): Promise<readonly (Attempt | string)[]> {
  if (!policy.rings?.some(({ concurrency }) => concurrency !== undefined)) return [];
  const { attempts, unread } = await readStarts(tables);
  return [...attempts.map(({ attempt }) => attempt), ...unread.map(({ key }) => key)];
}
