// Node image versions such as AKSUbuntu-2204gen2containerd-202512.18.0: parsing, order and age (AKS-FACTS section 7).
import type { Temporal } from 'temporal-polyfill';
import { onceForRecent } from '../text/onceFor.ts';
import { millisecondsPerDay, parseDay } from '../window/calendarDay.ts';

type ImageFeature = 'FIPS' | 'TrustedLaunch' | 'CVM' | 'Kata';

export type NodeImageVersion = {
  readonly raw: string;
  readonly gallery: string;
  readonly definition: string;
  readonly family: string;
  readonly release: string;
  /** What orders releases of a family: [year, month, day, patch] on Linux, [build, ubr, YYMMDD] on Windows. */
  readonly releaseParts: readonly number[];
  readonly securityPatch?: string | undefined;
  readonly releaseDate: string;
  readonly os: 'Linux' | 'Windows';
  /** As in ARM's osSKU, with the version where ARM leaves it out; absent where not known. */
  readonly sku?: string | undefined;
  readonly generation?: 1 | 2;
  readonly architecture?: 'x64' | 'arm64';
  readonly features: readonly ImageFeature[];
};

// A definition may hold hyphens (Windows), and a date may follow the release: hence the lazy match.
const versionPattern =
  /^(?<gallery>[^-\s]+)(?:-(?<definition>\S*?))?-(?<release>20\d{4}\.\d{2}\.\d+|20\d{2}\.\d{2}\.\d{2}|\d{5}\.\d+\.\d{6})(?:-(?<patch>20\d{2}\.\d{2}\.\d{2}))?$/;

/** `:` may stand for `-`, as in old API values. Unknown galleries and definitions parse too; unknown schemes and dates don't. */
// A pass reads the same few texts for each pool at each gate: a tenth of its time if each were parsed.
export const parseNodeImageVersion = onceForRecent(parse);

function parse(text: string): NodeImageVersion | undefined {
  const parts = versionPattern.exec(text.replaceAll(':', '-'))?.groups;
  if (!parts) return undefined;
  const { gallery = '', definition = '', release = '', patch } = parts;
  // Some edge zones have an empty definition between two hyphens: that is another family than none.
  const isNameless = parts['definition'] === '';
  const read = readRelease(release);
  const securityPatch = patch?.replaceAll('.', '-');
  if (!read || (securityPatch !== undefined && parseDay(securityPatch) === undefined)) return undefined;
  const sku = skuOf(gallery, definition);
  return {
    raw: text,
    gallery,
    definition,
    family: definition === '' && !isNameless ? gallery : `${gallery}-${definition}`,
    release,
    ...read,
    ...(securityPatch !== undefined && { securityPatch }),
    ...(sku !== undefined && { sku, ...hardwareOf(gallery, definition) }),
    features: featurePatterns.filter(([, pattern]) => pattern.test(definition)).map(([feature]) => feature),
  };
}

/** False where the definition is empty, as in AKSUbuntu--2022.04.27: nobody can tell what such an image is a release of. */
export function isOrdered({ family }: NodeImageVersion): boolean {
  return !family.endsWith('-');
}

/** As for sort; undefined across families, and where a family is not known. A release without a security patch is its oldest, so no patched node is set back. */
export function compareReleases(a: NodeImageVersion, b: NodeImageVersion): number | undefined {
  if (a.family !== b.family || a.os !== b.os) return undefined;
  if (!isOrdered(a)) return a.release === b.release && a.securityPatch === b.securityPatch ? 0 : undefined;
  for (const [index, part] of a.releaseParts.entries()) {
    const difference = part - (b.releaseParts[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return patchDay(a) - patchDay(b);
}

/** Whether `latest` is an upgrade; undefined where nobody can tell. Equal texts need not be understood; frozen lines offer older images. */
export function isNewer(latest: string | undefined, current: string | undefined): boolean | undefined {
  if (latest === undefined || current === undefined) return undefined;
  if (latest === current) return false;
  const [newer, older] = [parseNodeImageVersion(latest), parseNodeImageVersion(current)];
  if (!newer || !older) return undefined;
  const order = compareReleases(newer, older);
  if (order === undefined && !(isOrdered(newer) && isOrdered(older))) return undefined;
  // Of another family: ARM would move the pool over.
  return (order ?? 1) > 0;
}

/** Whole days in UTC; negative before the release date. Security patches don't make an image younger. */
export function ageInDays(version: NodeImageVersion, now: Temporal.Instant): number {
  return Math.floor(now.epochMilliseconds / millisecondsPerDay) - (parseDay(version.releaseDate) ?? 0);
}

export function knownAge(version: NodeImageVersion, now: Temporal.Instant): number | undefined {
  const days = ageInDays(version, now);
  return days < 0 ? undefined : days;
}

function patchDay(version: NodeImageVersion): number {
  return version.securityPatch === undefined ? 0 : (parseDay(version.securityPatch) ?? 0);
}

/** The three schemes: YYYYMM.DD.patch, the older YYYY.MM.DD, and Windows build.ubr.YYMMDD. */
function readRelease(release: string): Pick<NodeImageVersion, 'releaseParts' | 'releaseDate' | 'os'> | undefined {
  const [first = '', second = '', third = ''] = release.split('.');
  const isWindows = first.length === 5;
  const digits = isWindows ? `20${third}` : first.length === 6 ? first + second : first + second + third;
  const releaseDate = digits.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  if (parseDay(releaseDate) === undefined) return undefined;
  const patch = first.length === 6 ? Number(third) : 0;
  return isWindows
    ? { releaseParts: [first, second, third].map(Number), releaseDate, os: 'Windows' }
    : { releaseParts: [...releaseDate.split('-').map(Number), patch], releaseDate, os: 'Linux' };
}

const featurePatterns: readonly (readonly [ImageFeature, RegExp])[] = [
  ['FIPS', /fips/i],
  ['TrustedLaunch', /TL/],
  ['CVM', /cvm/i],
  ['Kata', /kata/i],
];

const skuPatterns: readonly (readonly [RegExp, string])[] = [
  [/^AKSUbuntu-(\d{4})/, 'Ubuntu'],
  [/^AKSWindows-23H2(?![^-])/, 'WindowsAnnual'],
  [/^AKSWindows-([^-]+)/, 'Windows'],
  [/^AKSAzureLinux-OSGuard/, 'AzureLinuxOSGuard'],
  [/^AKSAzureLinux-acl/, 'AzureContainerLinux'],
  [/^AKSAzureLinux-V(\d+)/, 'AzureLinux'],
  [/^AKSCBLMariner-/, 'CBLMariner'],
  [/^AKSFlatcar-/, 'Flatcar'],
  [/^AKSAzureContainerLinux-/, 'AzureContainerLinux'],
];

function skuOf(gallery: string, definition: string): string | undefined {
  const name = `${gallery.replace(/EdgeZone$/, '')}-${definition}`;
  const [pattern, sku] = skuPatterns.find(([one]) => one.test(name)) ?? [];
  return pattern && `${sku}${pattern.exec(name)?.[1] ?? ''}`;
}

/** Release notes shorten `2404gen2containerd` and the like to `2404`, which says nothing. */
function hardwareOf(gallery: string, definition: string): Pick<NodeImageVersion, 'generation' | 'architecture'> {
  if (definition === '' || (gallery.startsWith('AKSUbuntu') && /^2\d{3}$/.test(definition))) return {};
  const architecture = definition.includes('arm64') ? 'arm64' : 'x64';
  // Azure has no generation 1 machines with an Arm processor, Trusted Launch or confidential memory.
  return { generation: /gen2|arm64|TL|cvm/i.test(definition) ? 2 : 1, architecture };
}
