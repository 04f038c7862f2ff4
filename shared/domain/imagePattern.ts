// Patterns that name node images, in the policy's block list and in holds.
import { globMatches } from './glob.ts';
import { parseNodeImageVersion } from './nodeImageVersion.ts';

/** True when the pattern matches the whole node image version, or its release alone: 202601.07.0 for every family. */
export function matchesImage(pattern: string, nodeImageVersion: string): boolean {
  const version = parseNodeImageVersion(nodeImageVersion);
  // A patched image is still the release; old API values have colons.
  const names = [nodeImageVersion, nodeImageVersion.replaceAll(':', '-')];
  if (version) names.push(`${version.family}-${version.release}`, version.release);
  return names.some((name) => globMatches(pattern, name));
}
