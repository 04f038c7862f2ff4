// What AKS promises about an image: its support, and where its release notes are. Called by plan, GET /api/images and the report.
import type { Temporal } from 'temporal-polyfill';
import { formatDay, millisecondsPerDay, parseDay } from '../window/calendarDay.ts';
import { ageInDays, type NodeImageVersion } from './nodeImageVersion.ts';
import { type Retirement, retirements } from './retirements.ts';

export type ImageSupport = {
  /** `retired` outweighs `outOfSupport`, which outweighs `retiring`: the remedies differ. */
  readonly status: 'supported' | 'outOfSupport' | 'retiring' | 'retired' | 'unknown';
  /** ISO date: the last supported day of the release, or the day on which its family retires. */
  readonly date?: string;
  readonly reason?: string;
};

const supportDays = 90;

const aks = 'https://github.com/Azure/AKS';

/** Folders of release notes below vhd-notes of Azure/AKS, by SKU as {@link NodeImageVersion} names it. */
const notes: Readonly<Record<string, string | undefined>> = {
  Ubuntu1604: 'aks-ubuntu/AKSUbuntu-1604',
  Ubuntu1804: 'aks-ubuntu/AKSUbuntu-1804',
  Ubuntu2204: 'aks-ubuntu/AKSUbuntu-2204',
  Ubuntu2404: 'aks-ubuntu/AKSUbuntu-2404',
  CBLMariner: 'AKSMariner',
  AzureLinux2: 'AzureLinux',
  AzureLinux3: 'AzureLinuxv3',
  Windows2019: 'AKSWindows/2019',
  Windows2022: 'AKSWindows/2022',
  Windows2025: 'AKSWindows/2025',
  WindowsAnnual: 'AKSWindows/23H2',
};
/** No retirement of them is announced. */
const supported = new Set(['Ubuntu2404', 'AzureLinux3', 'AzureContainerLinux', 'Windows2025']);

/** AKS supports an image up to and including the 90th day after its release date, in UTC (AKS-FACTS section 7). */
export function imageSupport(version: NodeImageVersion, now: Temporal.Instant): ImageSupport {
  const sku = version.sku ?? '';
  const retirement = retirements[sku];
  if (retirement && hasPassed(retirement.date, now)) return retirementOf(version.sku, retirement, 'retired');
  const age = ageInDays(version, now);
  const date = formatDay((parseDay(version.releaseDate) ?? 0) + supportDays);
  if (age < 0) {
    const reason = `Its release date, ${version.releaseDate}, has not come yet: no such image can be out.`;
    return { status: 'unknown', reason };
  }
  if (age > supportDays) {
    const reason = `Released on ${version.releaseDate}, ${age} days ago; AKS supports a node image for ${supportDays} days.`;
    return { status: 'outOfSupport', date, reason };
  }
  if (retirement) return retirementOf(version.sku, retirement, 'retiring');
  if (!supported.has(sku)) {
    return { status: 'unknown', reason: `Nothing is known about the support of image family ${version.family}.` };
  }
  return { status: 'supported', date };
}

export function releaseNotesUrl(version: NodeImageVersion): string | undefined {
  const folder = notes[version.sku ?? ''];
  return folder === undefined ? undefined : `${aks}/blob/master/vhd-notes/${folder}/${version.release}.txt`;
}

function hasPassed(date: string | undefined, now: Temporal.Instant): boolean {
  const day = parseDay(date ?? '');
  return day === undefined || day * millisecondsPerDay <= now.epochMilliseconds;
}

function retirementOf(sku: string | undefined, retirement: Retirement, status: 'retiring' | 'retired'): ImageSupport {
  const { date, imagesRemoved = date, source } = retirement;
  const when = date === undefined ? '' : ` on ${date}`;
  const removal = imagesRemoved === undefined ? '' : `, and AKS removes its images on ${imagesRemoved}`;
  const reason = `${sku} ${status === 'retired' ? 'retired' : 'retires'}${when}${removal}: move the pool to a supported OS version (${aks}/${source}).`;
  return { status, ...(date !== undefined && { date }), reason };
}
