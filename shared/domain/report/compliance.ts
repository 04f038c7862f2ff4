// Pools counted by how they stand: all, and by ring, subscription and team. Called by weekReport.
import { parseClusterId } from '../cluster/clusterId.ts';
import { teamOf } from '../policy/policyTags.ts';
import type { PoolStanding } from './poolStatus.ts';
import type { Counts, ReportPool } from './reportFacts.ts';

export type StandingPool = { readonly pool: ReportPool; readonly standing: PoolStanding };

export type Group = { readonly name: string; readonly share?: number | undefined } & Counts;

export function complianceOf(pools: readonly StandingPool[], teamTag: string | undefined) {
  const kept = pools.filter(({ standing }) => standing.status !== 'notKept');
  return {
    all: groupOf('all', kept),
    rings: by(kept, ({ pool }) => pool.decision.ring ?? '(no ring)'),
    subscriptions: by(kept, ({ pool }) => parseClusterId(pool.cluster.id)?.subscription.toLowerCase() ?? ''),
    teams: teamTag === undefined ? undefined : by(kept, ({ pool }) => teamNameOf(pool, teamTag)),
  };
}

function teamNameOf({ cluster }: ReportPool, teamTag: string): string {
  const { name, isKnown } = teamOf(cluster, teamTag);
  return name ?? (isKnown ? '(no team)' : '(unknown)');
}

function by(pools: readonly StandingPool[], nameOf: (pool: StandingPool) => string): readonly Group[] {
  return [...Map.groupBy(pools, nameOf)]
    .map(([name, some]) => groupOf(name, some))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function groupOf(name: string, pools: readonly StandingPool[]): Group {
  const count = (status: PoolStanding['status']) => pools.filter(({ standing }) => standing.status === status).length;
  const counts = {
    pools: pools.length,
    latest: count('latest'),
    withinPolicy: count('withinPolicy'),
    stale: count('stale'),
    outOfSupport: count('outOfSupport'),
    unknown: count('unknown'),
  };
  const permille = Math.round((1000 * (counts.latest + counts.withinPolicy)) / pools.length);
  return { name, ...counts, share: pools.length > 0 ? permille / 1000 : undefined };
}
