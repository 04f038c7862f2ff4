// Ages and soaks that releases never reach: ARM offers the latest alone, and the next comes first. Called by lintPolicy.
import type { Policy } from '../policy/policy.ts';
import { soakHoursOf } from '../policy/ring.ts';
import type { ClusterFacts } from '../rings/clusterFacts.ts';
import type { RingState } from '../rings/ringState.ts';
import type { PolicyWarning } from './policyWarning.ts';

/** Days between releases of an image family, about: AKS-FACTS section 7. */
const cadence = [
  { osType: 'linux', name: 'Linux', days: 7 },
  { osType: 'windows', name: 'Windows', days: 31 },
] as const;
/** ARM offers a release some days late: an image is at most this many cadences old when the next comes. */
const cadencesOffered = 2;

export function lintAge({ images }: Policy, fleet: readonly ClusterFacts[]): readonly PolicyWarning[] {
  const days = images?.minimumAgeDays ?? 0;
  return cadence.flatMap(({ osType, name, days: between }) => {
    const pools = fleet.flatMap(({ cluster }) => cluster.nodePools);
    if (!pools.some((pool) => pool.osType.toLowerCase() === osType) || days <= between * cadencesOffered) return [];
    const message = `images.minimumAgeDays is ${days}, but ${name} images are released about every ${between} days and only ARM's latest can be started: it may never get that old. Give ${between * cadencesOffered} or less.`;
    return [{ code: 'minimumAgeTooLong' as const, path: 'images.minimumAgeDays', message }];
  });
}

export function lintSoaks({ images }: Policy, rings: readonly RingState[]): readonly PolicyWarning[] {
  const age = images?.minimumAgeDays ?? 0;
  return cadence.flatMap(({ osType, name, days: between }) => {
    const runs = ({ pools }: RingState) => pools.some(({ pool }) => pool.osType.toLowerCase() === osType);
    return rings.flatMap((state, index) => {
      // A ring that runs none has no say in them.
      const soaks = rings
        .slice(0, index)
        .map((before, at) => ({ at, before, hours: soakHoursOf(before.ring) }))
        .filter(({ before }) => runs(before));
      const longest = soaks.toSorted((a, b) => b.hours - a.hours)[0];
      const days = age + soaks.reduce((sum, { hours }) => sum + hours, 0) / 24;
      if (!runs(state) || !longest || days < between) return [];
      const names = soaks.map(({ before }) => before.ring.name).join(', ');
      const message = `Ring ${state.ring.name} gets a release after ${Math.round(days * 10) / 10} days at the earliest (images.minimumAgeDays and the soaks of ${names}), but ${name} images are released about every ${between} days and only ARM's latest can be started: it may never get one. Shorten the soaks, of which that of ${longest.before.ring.name} is the longest, or the minimum age.`;
      return [{ code: 'soakTooLong' as const, path: `rings.${longest.at}.ringSoakHours`, message }];
    });
  });
}
