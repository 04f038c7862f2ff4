// Whether what a list shows of a cluster is news to its ledger. Called by runPass.
import type { Temporal } from 'temporal-polyfill';
import { type Cluster, isTerminal, ofPool, poolOf, sameResourceUid } from '../../domain/cluster/cluster.ts';
import type { Heads } from '../../domain/ledger/heads.ts';
import { runsDiffer, runsWell } from '../../domain/ledger/runs.ts';
import { isProofDue } from '../../domain/observe/proveRoll.ts';

export function differs(cluster: Cluster, heads: Heads, now: Temporal.Instant): boolean {
  if (!heads.chain || heads.chain.gone || !sameResourceUid(heads.chain.resourceUid, cluster.resourceUid)) return true;
  const vanished = heads.pools.some((head) => !poolOf(cluster, head.nodePool));
  return (
    vanished ||
    cluster.nodePools.some((pool) => {
      const head = ofPool(heads.pools, pool.name);
      if (!head) return pool.nodeImageVersion !== undefined;
      const isAtRest = isTerminal(pool.provisioningState);
      const moved = pool.nodeImageVersion !== undefined && pool.nodeImageVersion !== head.nodeImageVersion;
      const turned =
        isAtRest && runsDiffer(head.runs, pool.nodeImageVersion, runsWell(cluster, pool) && !head.nodesBehind, now);
      return moved || turned || isProofDue(head, now) || head.rolling !== undefined || !isAtRest;
    })
  );
}
