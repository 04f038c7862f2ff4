// On which pools a hold or an approval has a say, and whether one that has none can mean something all the same. Called by those
// who take them, and by the lint.
import type { Temporal } from 'temporal-polyfill';
import { isCluster, parseClusterId, poolLabel } from '../cluster/clusterId.ts';
import { canStillCome, matchesImage } from '../image/imagePattern.ts';
import { isNewer } from '../image/nodeImageVersion.ts';
import { type Approval, approves } from '../policy/approval.ts';
import { covers, type Hold } from '../policy/hold.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import { unknownTag } from '../policy/policyTags.ts';
import type { Problem } from '../text/fieldProblems.ts';
import { withoutFullStop } from '../text/messageOf.ts';
import { valueIn } from '../text/read.ts';
import type { ClusterFacts } from './clusterFacts.ts';
import { unsupportedPool } from './excuses.ts';
import { type PoolFacts, poolFacts } from './poolFacts.ts';
import { unmatchedBy, unmatchedRelease } from './unmatched.ts';

export type Fleet = {
  readonly clusters: readonly ClusterFacts[];
  readonly policy: PolicyInForce;
  readonly now: Temporal.Instant;
  /** Why these may not be all clusters, as a sentence. */
  readonly unknown?: string | undefined;
  /** The ids of clusters that have no pools. */
  readonly withoutPools?: readonly string[];
};

export type Reach = {
  /** Those that it keeps from being started, or lets start, as they were last read. */
  readonly pools: readonly PoolFacts[];
  /** Why there may be others that it means, as a sentence. */
  readonly unknown?: string | undefined;
  /** Where there are none: why it means something all the same, as a sentence. */
  readonly sense?: string | undefined;
  /** Else what it names that is not there. */
  readonly unmatched?: Problem;
};

export function reachOfHold(hold: Hold, fleet: Fleet): Reach {
  const all = poolsOf(fleet);
  const pools = all.filter((about) => {
    const { facts, pool, latest, ring } = about;
    return covers(hold, facts.cluster, pool, { latest: valueIn(latest), ring: ring?.name });
  });
  const unknown = fleet.unknown ?? unknownOf(hold.scope, fleet, all);
  if (pools.length > 0) return { pools, unknown };
  const sense = senseOf(hold, all, fleet);
  return sense === undefined ? { pools, unknown, unmatched: unmatchedBy(hold, all) } : { pools, unknown, sense };
}

export function reachOfApproval(approval: Approval, fleet: Fleet): Reach {
  const all = poolsOf(fleet);
  const inRing = all.filter(({ ring }) => ring?.name.toLowerCase() === approval.ring.toLowerCase());
  const isOf = (image: string | undefined) => image !== undefined && approves(approval, approval.ring, image);
  const offered = inRing.filter(({ latest, pool }) => isNewer(valueIn(latest), pool.nodeImageVersion) !== false);
  const pools = offered.filter(({ latest }) => isOf(valueIn(latest)));
  const unknown = fleet.unknown ?? unknownOf('approval', fleet, all);
  if (pools.length > 0) return { pools, unknown };
  if (inRing.some(({ pool }) => isOf(pool.nodeImageVersion))) {
    const { ring, release } = approval;
    return { pools, unknown, sense: `No pool of ring ${ring} waits for ${release}, which some run already` };
  }
  return { pools, unknown, unmatched: unmatchedRelease(approval, offered) };
}

function poolsOf({ clusters, policy, now }: Fleet): readonly PoolFacts[] {
  return clusters.flatMap((facts) => facts.cluster.nodePools.map((pool) => poolFacts(facts, policy, pool, now)));
}

/** Releases go by what ARM offers, rings by the policy and by tags; all by what the lists showed. */
function unknownOf(
  what: Hold['scope'] | 'approval',
  { clusters, policy: { policy, problem } }: Fleet,
  all: readonly PoolFacts[],
): string | undefined {
  const unread = clusters.find(
    ({ cluster, problem: why }) => (why ?? cluster.unread) !== undefined || cluster.hasUnreadPools,
  );
  if (unread) {
    const why = unread.problem ?? unread.cluster.unread ?? unread.cluster.problem ?? 'some pools could not be read';
    return `What there is in cluster ${nameOf(unread)} is not known: ${withoutFullStop(why)}`;
  }
  if (what === 'ring' || what === 'approval') {
    if (problem !== undefined && policy.rings === undefined) return withoutFullStop(problem);
    const untold = clusters.find(({ cluster }) => unknownTag(policy, cluster) !== undefined);
    if (untold) return `In which ring cluster ${nameOf(untold)} is, is known once it is listed again`;
  }
  if (what !== 'release' && what !== 'approval') return undefined;
  const unoffered = all.find((about) => 'problem' in about.latest && unsupportedPool(about) === undefined);
  if (!unoffered || !('problem' in unoffered.latest)) return undefined;
  const { facts, pool, latest } = unoffered;
  return `What ARM offers pool ${poolLabel(facts.cluster.id, pool.name)} is not known: ${withoutFullStop(latest.problem)}`;
}

const nameOf = ({ cluster }: ClusterFacts) => parseClusterId(cluster.id)?.cluster ?? cluster.id;

function senseOf(hold: Hold, all: readonly PoolFacts[], { now, withoutPools = [] }: Fleet): string | undefined {
  if (hold.scope === 'fleet') return 'The fleet has no pool now';
  if (hold.scope === 'cluster' && withoutPools.some((id) => isCluster(id, hold.cluster))) {
    return `The list shows no pools of ${hold.cluster}`;
  }
  if (hold.scope !== 'release') return undefined;
  const { release } = hold;
  const running = all.filter(({ pool }) => pool.nodeImageVersion && matchesImage(release, pool.nodeImageVersion));
  if (running.length > 0) return `No pool waits for ${release}, which ${running.length} run already`;
  const offered = all.flatMap(({ latest, pool }) => valueIn(latest) ?? pool.nodeImageVersion ?? []);
  return canStillCome(release, new Set(offered), now) ? `No pool runs or is offered ${release} yet` : undefined;
}
