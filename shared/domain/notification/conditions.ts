// What holds for a while: missed windows, stale pools, rings that wait for an approval, a kept report. Called by notifyPass.
import type { Temporal } from 'temporal-polyfill';
import { poolKey } from '../cluster/clusterId.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { Decision } from '../plan/decision.ts';
import type { Policy } from '../policy/policy.ts';
import type { IsoWeek } from '../report/isoWeek.ts';
import type { MissedWindows } from '../report/missedWindows.ts';
import { type StandingPool, standingSince } from '../report/poolStatus.ts';
import type { ReportPool } from '../report/reportFacts.ts';
import { decisionsLink, planLink, reportLink } from './links.ts';
import { aboutPool, keeperSource, type Notification, shortened } from './notification.ts';

export function windowsMissed(missed: readonly MissedWindows[]): readonly Notification<'WindowMissed'>[] {
  return missed.flatMap(({ cluster, nodePool, windows, current, latest, reason, sentence }) =>
    windows.map((window) => {
      const data = { window, current, latest, reason, sentence: shortened(sentence) };
      return {
        type: 'WindowMissed',
        id: `missed|${poolKey(cluster, nodePool)}|${window.opensAt}`,
        time: window.closesAt,
        ...aboutPool({ cluster, nodePool }, decisionsLink, data),
      };
    }),
  );
}

export function poolStale(
  pool: StandingPool & Pick<ReportPool, 'cluster'>,
  since: string | undefined,
  policy: Policy,
  now: Temporal.Instant,
): Notification<'PoolStale'> | undefined {
  const { status, ...days } = standingSince(pool, since, policy, now);
  if (status !== 'stale' && status !== 'outOfSupport') return undefined;
  const { latest, reason, sentence } = pool.decision;
  const { name: nodePool, nodeImageVersion: current } = pool.nodePool;
  const cluster = pool.cluster.id;
  const data = { status, current, latest, ...days, reason, sentence: shortened(sentence) };
  return {
    type: 'PoolStale',
    id: `${status}|${poolKey(cluster, nodePool)}|${current}|${days.behindSince?.slice(0, 10) ?? ''}`,
    time: now.toString(),
    ...aboutPool({ cluster, nodePool }, decisionsLink, data),
  };
}

export function ringsWaiting(decisions: readonly Decision[]): readonly Notification<'RingWaitingForApproval'>[] {
  const waiting = decisions.flatMap((decision) => {
    const release = parseNodeImageVersion(decision.latest ?? '')?.release;
    const { ring, reason, also } = decision;
    // Nobody is asked before the ring before has run the release for long enough.
    const isDue = reason === 'approvalNeeded' && !also.some((other) => other.reason === 'ringWaiting');
    return isDue && ring !== undefined && release !== undefined ? [{ decision, ring, release }] : [];
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
