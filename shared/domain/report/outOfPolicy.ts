// The pools that stand out of policy, with what was decided on them. Called by weekReport.
import { tagOf } from '../cluster/cluster.ts';
import type { Decision } from '../plan/decision.ts';
import { knownWindow } from '../window/knownWindow.ts';
import { nextOpening } from '../window/maintenanceWindow.ts';
import type { StandingPool } from './compliance.ts';
import type { PoolStanding } from './poolStatus.ts';
import type { ReportFacts } from './reportFacts.ts';

export type OutOfPolicy = Omit<PoolStanding, 'status'> & {
  readonly cluster: string;
  readonly nodePool: string;
  readonly status: 'stale' | 'outOfSupport' | 'unknown';
  readonly current?: string | undefined;
  readonly latest?: string | undefined;
  readonly team?: string | undefined;
  readonly ring?: string | undefined;
  readonly reason: Decision['reason'];
  readonly sentence: string;
  readonly nextWindow?: string | undefined;
  readonly hold?: string | undefined;
};

export function toOutOfPolicy({ pool, standing }: StandingPool, { policy, now }: ReportFacts): readonly OutOfPolicy[] {
  const { status, ...days } = standing;
  if (status !== 'stale' && status !== 'outOfSupport' && status !== 'unknown') return [];
  const { cluster, nodePool, decision } = pool;
  const { latest, ring, reason, sentence } = decision;
  const known = knownWindow(pool.window);
  const opens = known.kind === 'window' ? nextOpening(known.window, now) : undefined;
  const teamTag = policy.report?.teamTag;
  return [
    {
      cluster: cluster.id,
      nodePool: nodePool.name,
      status,
      ...days,
      current: nodePool.nodeImageVersion,
      latest,
      team: teamTag === undefined ? undefined : tagOf(cluster.tags, teamTag),
      ring,
      reason,
      sentence,
      nextWindow: opens?.toString(),
      hold: [decision, ...decision.also].find((one) => one.reason === 'held')?.sentence,
    },
  ];
}
