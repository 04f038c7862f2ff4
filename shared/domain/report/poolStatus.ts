// How long a newer image has been there for a pool, and how old its own is. Called by weekReport and conditions.
import { Temporal } from 'temporal-polyfill';
import { isManagedByAks } from '../cluster/poolKind.ts';
import { imageSupport } from '../image/imageSupport.ts';
import { ageInDays, isNewer, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { Decision } from '../plan/decision.ts';
import type { Policy } from '../policy/policy.ts';
import type { Counts, ReportPool } from './reportFacts.ts';

/** `notKept`: the policy does not select it, or AKS manages it itself; it counts nowhere. */
type PoolStatus = Exclude<keyof Counts, 'pools'> | 'notKept';

export type PoolStanding = {
  readonly status: PoolStatus;
  /** ISO; when the keeper first saw ARM offer it a newer image. */
  readonly behindSince?: string | undefined;
  readonly staleDays?: number | undefined;
  readonly ageDays?: number;
};

export const usualStale = { days: 30, supportDays: 90 } as const;

export type StandingPool = Pick<ReportPool, 'nodePool' | 'decision'>;

export function poolStanding(pool: ReportPool, policy: Policy, now: Temporal.Instant): PoolStanding {
  return standingSince(pool, firstSeenBehind(pool), policy, now);
}

/** The same where it is known since when the pool is behind. @param seenBehind counts only while it is */
export function standingSince(
  { nodePool, decision }: StandingPool,
  seenBehind: string | undefined,
  policy: Policy,
  now: Temporal.Instant,
): PoolStanding {
  if (decision.reason === 'notSelected' || isManagedByAks(nodePool)) return { status: 'notKept' };
  const { days = usualStale.days, supportDays = usualStale.supportDays } = policy.stale ?? {};
  const current = parseNodeImageVersion(nodePool.nodeImageVersion ?? '');
  const age = current && { ageDays: ageInDays(current, now) };
  const support = current && imageSupport(current, now).status;
  const isBehind = isNewer(decision.latest, nodePool.nodeImageVersion);
  const behindSince = isBehind ? seenBehind : undefined;
  const hours = behindSince === undefined ? undefined : Temporal.Instant.from(behindSince).until(now).total('hours');
  const staleDays = hours === undefined ? undefined : Math.floor(hours / 24);
  const behind = { behindSince, staleDays };
  if (age && (age.ageDays > supportDays || support === 'retired')) return { status: 'outOfSupport', ...age, ...behind };
  if (isBehind === undefined) return { status: 'unknown', ...age };
  if (!isBehind) return { status: 'latest', ...age };
  return { status: (staleDays ?? 0) > days ? 'stale' : 'withinPolicy', ...age, ...behind };
}

/** The oldest decision in a row, from now back, by which the pool was on its image and a newer one was there. */
export function firstSeenBehind({ decision, decisions, nodePool }: Omit<ReportPool, 'window'>): string {
  const isStill = ({ current, latest }: Decision) =>
    // What could not be read for a while ends nothing.
    latest === undefined || (current === nodePool.nodeImageVersion && isNewer(latest, current) === true);
  const broken = decisions.findIndex((one) => !isStill(one));
  const behind = (broken === -1 ? decisions : decisions.slice(0, broken)).filter(({ latest }) => latest !== undefined);
  return behind.at(-1)?.decidedAt ?? decision.decidedAt;
}
