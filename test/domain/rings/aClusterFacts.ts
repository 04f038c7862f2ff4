// Facts of a cluster on which the planner says `start`, for the tests of the planner and its gates to spoil.
import type { Temporal } from 'temporal-polyfill';
import type { NodePool } from '../../../shared/domain/cluster/cluster.ts';
import type { Decision } from '../../../shared/domain/plan/decision.ts';
import { plan } from '../../../shared/domain/plan/plan.ts';
import type { Policy, PolicyInForce } from '../../../shared/domain/policy/policy.ts';
import type { ClusterFacts } from '../../../shared/domain/rings/clusterFacts.ts';
import { aCluster, aPool, aPoolHead, aWindow, aWindowReading, images, now } from '../../builders.ts';

export const enforce: PolicyInForce = { policy: { mode: 'enforce' } };

export function aPolicy(overrides: Partial<Policy> = {}): PolicyInForce {
  return { policy: { mode: 'enforce', ...overrides } };
}

/** One idle pool, half an hour into its window, with a newer image; every pool of `nodePools` has a head and `latest`. */
export function aClusterFacts({
  latest = images.new,
  window = {},
  nodePools = [aPool()],
  cluster = {},
  ...overrides
}: {
  latest?: string;
  /** Fields of the maintenance window. */
  window?: object;
  nodePools?: readonly NodePool[];
  cluster?: Partial<ClusterFacts['cluster']>;
} & Partial<Omit<ClusterFacts, 'latest' | 'window' | 'cluster'>> = {}): ClusterFacts {
  return {
    cluster: aCluster({ nodePools, ...cluster }),
    window: { value: aWindowReading({ maintenanceWindow: aWindow(window) }) },
    latest: Object.fromEntries(nodePools.map(({ name }) => [name.toLowerCase(), { value: latest }])),
    heads: nodePools.map(({ name, nodeImageVersion = images.old }) => aPoolHead({ nodePool: name, nodeImageVersion })),
    verdicts: [],
    ...overrides,
  };
}

/** The decision on the first pool. */
export function decide(facts: ClusterFacts, policy: PolicyInForce = enforce, at: Temporal.Instant = now): Decision {
  const [decision] = plan(facts, policy, at);
  if (!decision) throw new Error('The cluster has no pool.');
  return decision;
}

/** All that refuses, the reason first. */
export function refusals({ reason, also }: Decision): readonly string[] {
  return reason === 'start' ? [] : [reason, ...also.map((other) => other.reason)];
}
