// What storage knows of a cluster, as the planner takes it. Called by whoever puts a fleet together.
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { clusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';
import { unreadCluster } from '../../domain/plan/unjudged.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import type { FleetFacts } from '../../stores/factsStore.ts';
import type { HeadsOrProblem } from '../../stores/ledgerStore.ts';
import type { Starts } from '../../stores/starts/startsStore.ts';

export const notReadYet = { problem: 'it has not been read yet' };

/** Nobody has read the cluster's window and images. */
export const isNotReadYet = ({ window }: ClusterFacts) => window === notReadYet;

/** @param problem why the cluster itself could not be read */
export function toClusterFacts(
  cluster: Cluster,
  problem: string | undefined,
  heads: HeadsOrProblem,
  {
    facts,
    verdicts,
    verdictProblems,
    starts,
  }: Pick<FleetFacts, 'facts' | 'verdicts' | 'verdictProblems'> & { readonly starts: Starts },
): ClusterFacts {
  const key = clusterKey(cluster.id);
  const { window = notReadYet, latest = {} } = facts.get(key) ?? {};
  return {
    cluster,
    problem,
    window,
    latest,
    heads: heads.pools,
    headsProblem: heads.problem,
    attempt: starts.attempts.find(({ attempt }) => clusterKey(attempt.cluster) === key)?.attempt,
    attemptProblem: starts.unread.find((one) => one.key === key)?.problem,
    verdicts: verdicts.get(key) ?? [],
    verdictProblem: verdictProblems.get(key),
  };
}

/** Claims that can't be read, on clusters that nobody knows: they count in the limits all the same. */
export function strayClaims(starts: Starts, fleet: readonly ClusterFacts[]): readonly ClusterFacts[] {
  const known = new Set(fleet.map(({ cluster }) => clusterKey(cluster.id)));
  return starts.unread
    .filter(({ key }) => !known.has(key))
    .map(({ key, problem }) => ({
      cluster: { ...unreadCluster(idOfKey(key) ?? key, problem), nodePools: [] },
      window: { problem },
      latest: {},
      heads: [],
      attemptProblem: problem,
      verdicts: [],
    }));
}
