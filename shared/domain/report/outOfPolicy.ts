// The pools that stand out of policy, with what was decided on them. Called by weekReport.
import { teamOf } from '../policy/policyTags.ts';
import { knownWindow } from '../window/knownWindow.ts';
import { nextOpening } from '../window/maintenanceWindow.ts';
import type { StandingPool } from './compliance.ts';
import type { ReportFacts } from './reportFacts.ts';

export function toOutOfPolicy({ pool, standing }: StandingPool, { policy, now }: ReportFacts) {
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
      team: teamTag === undefined ? undefined : teamOf(cluster, teamTag).name,
      ring,
      reason,
      sentence,
      nextWindow: opens?.toString(),
      hold: [decision, ...decision.also].find((one) => one.reason === 'held')?.sentence,
    },
  ];
}
