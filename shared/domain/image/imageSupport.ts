// What AKS promises about an image: its support, and where its release notes are. Called by plan, GET /api/images and the report.
import type { Temporal } from 'temporal-polyfill';
import { formatDay, millisecondsPerDay, parseDay } from '../window/calendarDay.ts';
import { ageInDays, type NodeImageVersion } from './nodeImageVersion.ts';

export type ImageSupport = {
  /** `retired` outweighs `outOfSupport`, which outweighs `retiring`: the remedies differ. */
  readonly status: 'supported' | 'outOfSupport' | 'retiring' | 'retired' | 'unknown';
  /** ISO date: the last supported day of the release, or the day on which its family retires. */
  readonly date?: string;
  readonly reason?: string;
};

const supportDays = 90;

const aks = 'https://github.com/Azure/AKS';

/** @param date ISO, from which there are no new images and no support; absent where only the fact is known */
const retires = (source: string, date?: string, imagesRemoved = date) => ({
  source: `${aks}/${source}`,
  date,
  imagesRemoved,
});
type Retirement = ReturnType<typeof retires>;
type SkuFacts = { readonly notes?: string; readonly retirement?: Retirement };

const azureLinux2 = retires('issues/4988', '2025-11-30', '2026-03-31');

/** What was announced by 2026-11, by SKU as {@link NodeImageVersion} names it. */
const skus: Readonly<Record<string, SkuFacts>> = {
  Ubuntu1604: { notes: 'aks-ubuntu/AKSUbuntu-1604', retirement: retires('pull/2466') },
  Ubuntu1804: { notes: 'aks-ubuntu/AKSUbuntu-1804', retirement: retires('issues/4873', '2025-06-17') },
  Ubuntu2004: { retirement: retires('issues/4874', '2027-03-17') },
  Ubuntu2204: { notes: 'aks-ubuntu/AKSUbuntu-2204' },
  Ubuntu2404: { notes: 'aks-ubuntu/AKSUbuntu-2404' },
  CBLMariner: { notes: 'AKSMariner', retirement: azureLinux2 },
  AzureLinux2: { notes: 'AzureLinux', retirement: azureLinux2 },
  AzureLinux3: { notes: 'AzureLinuxv3' },
  AzureLinuxOSGuard: { retirement: retires('issues/5950', '2026-12-10', '2027-03-10') },
  AzureContainerLinux: {},
  Flatcar: { retirement: retires('issues/5648', '2026-06-08', '2026-09-08') },
  Windows2019: { notes: 'AKSWindows/2019', retirement: retires('issues/4091', '2026-03-01', '2027-04-01') },
  Windows2022: { notes: 'AKSWindows/2022', retirement: retires('releases/tag/2026-06-19', '2028-06-30', '2029-06-30') },
  Windows2025: { notes: 'AKSWindows/2025' },
  WindowsAnnual: { notes: 'AKSWindows/23H2', retirement: retires('issues/5608', '2026-05-15', '2027-05-15') },
};

/** AKS supports an image up to and including the 90th day after its release date, in UTC (AKS-FACTS section 7). */
export function imageSupport(version: NodeImageVersion, now: Temporal.Instant): ImageSupport {
  const facts = skus[version.sku ?? ''];
  const retirement = facts?.retirement;
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
  if (!facts) {
    return { status: 'unknown', reason: `Nothing is known about the support of image family ${version.family}.` };
  }
  return { status: 'supported', date };
}

export function releaseNotesUrl(version: NodeImageVersion): string | undefined {
  const folder = skus[version.sku ?? '']?.notes;
  return folder === undefined ? undefined : `${aks}/blob/master/vhd-notes/${folder}/${version.release}.txt`;
}

function hasPassed(date: string | undefined, now: Temporal.Instant): boolean {
  const day = parseDay(date ?? '');
  return day === undefined || day * millisecondsPerDay <= now.epochMilliseconds;
}

function retirementOf(sku: string | undefined, retirement: Retirement, status: 'retiring' | 'retired'): ImageSupport {
  const { date, imagesRemoved, source } = retirement;
  const when = date === undefined ? '' : ` on ${date}`;
  const removal = imagesRemoved === undefined ? '' : `, and AKS removes its images on ${imagesRemoved}`;
  const reason = `${sku} ${status === 'retired' ? 'retired' : 'retires'}${when}${removal}: move the pool to a supported OS version (${source}).`;
  return { status, ...(date !== undefined && { date }), reason };
}
