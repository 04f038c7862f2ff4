// Patterns that name node images, in the policy's block list and in holds.
import { z } from 'zod';
import { globMatches } from '../text/glob.ts';
import { parseNodeImageVersion } from './nodeImageVersion.ts';

const allowed = 'a node image version or a release, with * and ?';

export const imagePattern = z.string({ error: allowed }).min(1, { error: allowed });

export function matchesImage(pattern: string, nodeImageVersion: string): boolean {
  return imageMatcher(nodeImageVersion)(pattern);
}

export function imageMatcher(nodeImageVersion: string): (pattern: string) => boolean {
  const version = parseNodeImageVersion(nodeImageVersion);
  // A patched image is still the release; old API values have colons.
  const names = new Set([nodeImageVersion, nodeImageVersion.replaceAll(':', '-')]);
  if (version) names.add(`${version.family}-${version.release}`).add(version.release);
  const distinct = [...names];
  return (pattern) => distinct.some((name) => globMatches(pattern, name));
}
