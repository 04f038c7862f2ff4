// What a hold or an approval that matches no pool names, as a field's problem that says what was meant perhaps. Called by reach.
import { isCluster, parseClusterId } from '../cluster/clusterId.ts';
import { parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { Approval } from '../policy/approval.ts';
import type { Hold } from '../policy/hold.ts';
import type { Problem } from '../text/fieldProblems.ts';
import { named } from '../text/messageOf.ts';
import { nearest } from '../text/nearest.ts';
import { valueIn } from '../text/read.ts';
import type { PoolFacts } from './poolFacts.ts';

const maxReleases = 5;

/** @param all the pools of the fleet */
export function unmatchedBy(hold: Hold, all: readonly PoolFacts[]): Problem {
  switch (hold.scope) {
    case 'fleet':
      return { path: 'scope', found: '"fleet"', allowed: 'a fleet with pools' };
    case 'ring':
      return { path: 'ring', found: JSON.stringify(hold.ring), allowed: 'a ring that has pools' };
    case 'cluster':
      return unmatchedCluster(hold.cluster, all);
    case 'nodePool': {
      const own = all.filter(({ facts }) => isCluster(facts.cluster.id, hold.cluster));
      if (own.length === 0) return unmatchedCluster(hold.cluster, all);
      const names = own.map(({ pool }) => pool.name);
      return unmatchedName('nodePool', hold.nodePool, names, `a pool of ${hold.cluster}`);
    }
    case 'release': {
      const releases = all.flatMap(({ latest, pool }) =>
        [valueIn(latest), pool.nodeImageVersion].flatMap((image) => [image, releaseOf(image)]),
      );
      const known = releases.filter((one) => one !== undefined);
      return unmatchedName('release', hold.release, known, 'a release that a pool runs or is offered, or a newer one');
    }
  }
}

function unmatchedCluster(wanted: string, all: readonly PoolFacts[]): Problem {
  const ids = all.map(({ facts }) => facts.cluster.id);
  const names = wanted.startsWith('/') ? ids : ids.map((id) => parseClusterId(id)?.cluster ?? id);
  return unmatchedName('cluster', wanted, names, 'a cluster of the fleet that has pools');
}

function unmatchedName(path: string, wanted: string, names: readonly string[], what: string): Problem {
  const near = nearest(wanted, names);
  const allowed = near.length === 0 ? what : `${what}; the nearest: ${near.join(', ')}`;
  return { path, found: JSON.stringify(wanted), allowed };
}

/** @param offered the pools of its ring that a newer image waits for */
export function unmatchedRelease({ ring, release }: Approval, offered: readonly PoolFacts[]): Problem {
  const releases = [...new Set(offered.flatMap(({ latest }) => releaseOf(valueIn(latest)) ?? []))]
    .toSorted()
    .toReversed();
  const now = releases.length > 0 ? named(releases, maxReleases) : 'none now';
  const allowed = `a release that ARM offers a pool of ring ${ring}: ${now}`;
  return { path: 'release', found: JSON.stringify(release), allowed };
}

function releaseOf(image: string | undefined): string | undefined {
  return parseNodeImageVersion(image ?? '')?.release;
}
