// What is odd about the rings, and what names a ring that is gone. Called by lintPolicy.
import { parseClusterId } from '../cluster/clusterId.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { Policy, PolicyInForce } from '../policy/policy.ts';
import { hasRing, isIn, type Ring } from '../policy/ring.ts';
import type { ClusterFacts } from '../rings/clusterFacts.ts';
import type { RingPool } from '../rings/ringHealth.ts';
import type { RingState } from '../rings/ringState.ts';
import type { PolicyWarning } from './policyWarning.ts';

export function lintRings(rings: readonly RingState[], fleet: readonly ClusterFacts[]): readonly PolicyWarning[] {
  return rings.flatMap((state, index) => [
    ...(state.pools.length === 0 ? withoutPools(state.ring, index, fleet) : []),
    ...lintFamilies(rings, index),
  ]);
}

function withoutPools(ring: Ring, index: number, fleet: readonly ClusterFacts[]): readonly PolicyWarning[] {
  const matches = fleet.some(({ cluster }) => cluster.nodePools.some((pool) => isIn(ring, cluster, pool)));
  const why = matches
    ? 'each that its selectors match is in a later ring too, and so in that. Narrow the selectors of the later rings'
    : 'its selectors match none in the clusters of the policy. Correct their names and tags';
  const message = `Ring ${ring.name} has no pools, so that nothing soaks there: ${why}, or take the ring out.`;
  return [{ code: 'ringWithoutPools', path: `rings.${index}.selectors`, message }];
}

function lintFamilies(rings: readonly RingState[], index: number): readonly PolicyWarning[] {
  const [state, before] = [rings[index], index === 0 ? undefined : rings[index - 1]];
  if (!state || !before) return [];
  const { name, unsoakedFamily = 'nearest' } = state.ring;
  const poolsOf = ({ pools }: RingState, family: string) => pools.filter((one) => familiesOf(one).includes(family));
  const leadsTo = (family: string): string | undefined => {
    const asked = unsoakedFamily === 'nearest' ? rings.slice(0, index) : [before];
    const decides = asked.findLast((earlier) => poolsOf(earlier, family).length > 0);
    if (decides && poolsOf(decides, family).every(({ isExcused }) => isExcused)) {
      return `in ring ${decides.ring.name}, which decides on them, all such pools are held, stopped or can't be upgraded, so their releases wait until one is not`;
    }
    if (decides === before) return undefined;
    const policy = `by unsoakedFamily (${unsoakedFamily})`;
    if (decides) return `${policy} ring ${decides.ring.name} alone decides on their releases`;
    return unsoakedFamily === 'block'
      ? `${policy} their releases are never started here`
      : `${policy} each of their releases waits for an approval`;
  };
  // What ARM would install decides, where that is known.
  const families = state.pools.filter(({ isExcused }) => !isExcused).flatMap((one) => familiesOf(one).slice(0, 1));
  const found = Map.groupBy(new Set(families.toSorted()), leadsTo);
  return [...found].flatMap(([consequence, unsoaked]) => {
    if (consequence === undefined) return [];
    const message = `Ring ${name} has pools of image families that do not soak in the ring before it, ${before.ring.name} (${unsoaked.join(', ')}): ${consequence}. Give ring ${before.ring.name} such a pool to have them soak there.`;
    return [{ code: 'familyNotSoaked' as const, path: `rings.${index}.unsoakedFamily`, message }];
  });
}

function familiesOf({ pool, latest }: RingPool): readonly string[] {
  return [latest, pool.nodeImageVersion].flatMap((text) => parseNodeImageVersion(text ?? '')?.family ?? []);
}

export function lintPoolsInRings({ rings }: Policy, { cluster }: ClusterFacts): readonly PolicyWarning[] {
  if (!rings) return [];
  const name = parseClusterId(cluster.id)?.cluster ?? cluster.id;
  const byRings = Map.groupBy(cluster.nodePools, (pool) =>
    rings.flatMap((ring, index) => (isIn(ring, cluster, pool) ? [index] : [])).join(),
  );
  return [...byRings].flatMap(([key, pools]): readonly PolicyWarning[] => {
    const indexes = key === '' ? [] : key.split(',').map(Number);
    const last = indexes.at(-1);
    const nodePools = pools.map((pool) => pool.name);
    const found = `Cluster ${name} has pools that`;
    if (last === undefined) {
      const message = `${found} no ring selects (${nodePools.join(', ')}): they are recorded, never started. Give a ring a selector that matches them.`;
      return [{ code: 'poolInNoRing', path: 'rings', cluster: cluster.id, nodePools, message }];
    }
    if (indexes.length === 1) return [];
    const names = indexes.map((index) => rings[index]?.name).join(', ');
    const message = `${found} more than one ring selects (${nodePools.join(', ')} by ${names}): they are in the last of these and wait for all before it. Narrow the selectors of those that do not mean them.`;
    return [{ code: 'poolInTwoRings', path: `rings.${last}.selectors`, cluster: cluster.id, nodePools, message }];
  });
}

export function lintRingNames({
  policy: { rings },
  holds = [],
  approvals = [],
}: PolicyInForce): readonly PolicyWarning[] {
  return [
    ...holds.flatMap((hold): readonly PolicyWarning[] => {
      if (hold.scope !== 'ring' || hasRing(rings, hold.ring)) return [];
      const message = `The hold on ring ${hold.ring} that ${hold.owner} has since ${hold.createdAt} (${hold.reason}) holds nothing: the policy has no ring of that name. Lift it (DELETE /api/holds/${hold.id}), and hold the ring that took its place.`;
      return [{ code: 'holdOnNoRing', hold: hold.id, message }];
    }),
    ...approvals.flatMap(({ id, ring, release, approvedBy }): readonly PolicyWarning[] => {
      if (hasRing(rings, ring)) return [];
      const message = `The approval of ${release} for ring ${ring} by ${approvedBy} approves nothing: the policy has no ring of that name. Revoke it (DELETE /api/approvals/${id}), lest a ring that gets the name inherits it.`;
      return [{ code: 'approvalForNoRing', approval: id, message }];
    }),
  ];
}
