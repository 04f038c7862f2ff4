// Patterns that name node images, in the policy's block list and in holds.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { globMatches } from '../text/glob.ts';
import { ageInDays, compareReleases, parseNodeImageVersion } from './nodeImageVersion.ts';

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

/**
 * Whether a pattern of one release, of any families, can match what is not there yet: a newer release of a family of `offered`.
 * One that is dated after tomorrow is misspelled: nobody knows a release before its date. @param offered node image versions
 */
export function canStillCome(pattern: string, offered: Iterable<string>, now: Temporal.Instant): boolean {
  const text = pattern.replaceAll(':', '-');
  const release = text.slice(text.lastIndexOf('-') + 1);
  return [...offered].some((one) => {
    const image = parseNodeImageVersion(one);
    const next = image && parseNodeImageVersion(`${image.family}-${release}`);
    if (!next || ageInDays(next, now) < -1 || !matchesImage(text, next.raw)) return false;
    return (compareReleases(next, image) ?? 0) > 0;
  });
}
