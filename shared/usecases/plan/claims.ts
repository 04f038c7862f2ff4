// Which clusters are claimed by attempts in flight, those that can't be read among them. Called by whoever puts a fleet together.
import { type ClusterKey, clusterKey } from '../../domain/cluster/cluster.ts';
import { unreadClusterOf } from '../../domain/plan/unjudged.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import type { Starts } from '../../stores/startsStore.ts';

/** The attempt that has the cluster, be it one that can't be read. */
export function claimOn(key: ClusterKey, starts: Starts): Pick<ClusterFacts, 'attempt' | 'attemptProblem'> {
  return {
    attempt: starts.attempts.find(({ attempt }) => clusterKey(attempt.cluster) === key)?.attempt,
    attemptProblem: starts.unread.find((one) => one.key === key)?.problem,
  };
}

/** Claims that can't be read, on clusters that nobody knows: they count in the limits all the same. */
export function strayClaims(starts: Starts, fleet: readonly ClusterFacts[]): readonly ClusterFacts[] {
  const known = new Set(fleet.map(({ cluster }) => clusterKey(cluster.id)));
  return starts.unread
    .filter(({ key }) => !known.has(key))
    .map(({ key, problem }) => ({
      cluster: { ...unreadClusterOf(key, problem), nodePools: [] },
      window: { problem },
      latest: {},
      heads: [],
      attemptProblem: problem,
      verdicts: [],
    }));
}
