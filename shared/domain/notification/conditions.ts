// What holds for a while, and is told once: missed windows, stale pools, rings that wait for an approval, a report that is
// kept. How windows and pools are judged is the report's. Called by the use case announcePass.
import type { Temporal } from 'temporal-polyfill';
import { poolKey } from '../cluster/cluster.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { Decision } from '../plan/decision.ts';
import type { Policy } from '../policy/policy.ts';
import type { IsoWeek } from '../report/isoWeek.ts';
import type { MissedWindows } from '../report/missedWindows.ts';
import { poolStanding } from '../report/poolStatus.ts';
import type { ReportPool } from '../report/reportFacts.ts';
import { decisionsLink, planLink, reportLink } from './links.ts';
import { aboutPool, keeperSource, type Notification, shortened } from './notification.ts';

/** One for each occurrence. */
export function windowsMissed(missed: readonly MissedWindows[]): readonly Notification<'WindowMissed'>[] {
  return missed.flatMap(({ cluster, nodePool, windows, current, latest, reason, sentence }) =>
    windows.map((window) => ({
      type: 'WindowMissed' as const,
      id: `missed|${poolKey(cluster, nodePool)}|${window.opensAt}`,
      ...aboutPool(cluster, nodePool),
      time: window.closesAt,
      data: {
        cluster,
        nodePool,
        link: decisionsLink(cluster, nodePool),
        window,
        current,
        latest,
        reason,
        sentence: shortened(sentence),
      },
    })),
  );
}

/** Undefined for a pool within the policy's thresholds, or of which they can't be judged. */
export function poolStale(
  pool: ReportPool,
  policy: Policy,
  now: Temporal.Instant,
): Notification<'PoolStale'> | undefined {
  const { status, ...days } = poolStanding(pool, policy, now);
  if (status !== 'stale' && status !== 'outOfSupport') return undefined;
  const { nodePool, decision } = pool;
  const cluster = pool.cluster.id;
  const current = nodePool.nodeImageVersion;
  return {
    type: 'PoolStale',
    id: `${status}|${poolKey(cluster, nodePool.name)}|${current}|${days.behindSince?.slice(0, 10) ?? ''}`,
    ...aboutPool(cluster, nodePool.name),
    time: now.toString(),
    data: {
      cluster,
      nodePool: nodePool.name,
      link: decisionsLink(cluster, nodePool.name),
      status,
      ...(current !== undefined && { current }),
      ...(decision.latest !== undefined && { latest: decision.latest }),
      ...days,
      reason: decision.reason,
      sentence: shortened(decision.sentence),
    },
  };
}

/** One for each release that waits in a ring, however many pools it is for. */
export function ringsWaiting(decisions: readonly Decision[]): readonly Notification<'RingWaitingForApproval'>[] {
  const waiting = decisions.flatMap((decision) => {
    const release = parseNodeImageVersion(decision.latest ?? '')?.release;
    const { ring, reason } = decision;
    return reason === 'approvalNeeded' && ring !== undefined && release !== undefined
      ? [{ decision, ring, release }]
      : [];
  });
  return [...Map.groupBy(waiting, ({ ring, release }) => `${ring.toLowerCase()}|${release}`)].flatMap(([key, pools]) =>
    pools.slice(0, 1).map(({ decision, ring, release }) => ({
      type: 'RingWaitingForApproval' as const,
      id: `approval|${key}`,
      source: keeperSource,
      subject: `rings/${ring}`,
      time: decision.decidedAt,
      data: { ring, release, link: planLink, pools: pools.length, sentence: shortened(decision.sentence) },
    })),
  );
}

export function reportReady({ name, to }: IsoWeek): Notification<'ReportReady'> {
  return {
    type: 'ReportReady',
    id: `report|${name}`,
    source: keeperSource,
    subject: `reports/${name}`,
    time: to.toString(),
    data: { week: name, link: reportLink(name) },
  };
}
