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

type Retirement = {
  /** ISO date from which there are no new images and no support; absent where only the fact is known. */
  readonly date?: string;
  /** ISO date from which its images are gone, so that pools can't even scale. */
  readonly imagesRemoved?: string;
  readonly source: string;
};

type SkuFacts = {
  readonly notes?: string;
  readonly retirement?: Retirement;
};

const aks = 'https://github.com/Azure/AKS';

const azureLinux2: Retirement = { date: '2025-11-30', imagesRemoved: '2026-03-31', source: `${aks}/issues/4988` };

/** What was announced by 2026-11, by SKU as {@link NodeImageVersion} names it. */
const skus: Readonly<Record<string, SkuFacts>> = {
  Ubuntu1604: { notes: 'aks-ubuntu/AKSUbuntu-1604', retirement: { source: `${aks}/pull/2466` } },
  Ubuntu1804: {
    notes: 'aks-ubuntu/AKSUbuntu-1804',
    retirement: { date: '2025-06-17', imagesRemoved: '2025-06-17', source: `${aks}/issues/4873` },
  },
  Ubuntu2004: { retirement: { date: '2027-03-17', imagesRemoved: '2027-03-17', source: `${aks}/issues/4874` } },
  Ubuntu2204: { notes: 'aks-ubuntu/AKSUbuntu-2204' },
  Ubuntu2404: { notes: 'aks-ubuntu/AKSUbuntu-2404' },
  CBLMariner: { notes: 'AKSMariner', retirement: azureLinux2 },
  AzureLinux2: { notes: 'AzureLinux', retirement: azureLinux2 },
  AzureLinux3: { notes: 'AzureLinuxv3' },
  AzureLinuxOSGuard: {
    retirement: { date: '2026-12-10', imagesRemoved: '2027-03-10', source: `${aks}/issues/5950` },
  },
  AzureContainerLinux: {},
  Flatcar: { retirement: { date: '2026-06-08', imagesRemoved: '2026-09-08', source: `${aks}/issues/5648` } },
  Windows2019: {
    notes: 'AKSWindows/2019',
    retirement: { date: '2026-03-01', imagesRemoved: '2027-04-01', source: `${aks}/issues/4091` },
  },
  Windows2022: {
    notes: 'AKSWindows/2022',
    retirement: { date: '2028-06-30', imagesRemoved: '2029-06-30', source: `${aks}/releases/tag/2026-06-19` },
  },
  Windows2025: { notes: 'AKSWindows/2025' },
  WindowsAnnual: {
    notes: 'AKSWindows/23H2',
    retirement: { date: '2026-05-15', imagesRemoved: '2027-05-15', source: `${aks}/issues/5608` },
  },
};

/** AKS supports an image up to and including the 90th day after its release date, in UTC (AKS-FACTS section 7). */
export function imageSupport(version: NodeImageVersion, now: Temporal.Instant): ImageSupport {
  const facts = factsOf(version);
  const retirement = facts?.retirement;
  if (retirement && hasPassed(retirement.date, now)) return retirementOf(version, retirement, 'retired');
  const age = ageInDays(version, now);
  const date = formatDay((parseDay(version.releaseDate) ?? 0) + supportDays);
  if (age < 0) {
    return {
      status: 'unknown',
      reason: `Its release date, ${version.releaseDate}, has not come yet: no such image can be out.`,
    };
  }
  if (age > supportDays) {
    const reason = `Released on ${version.releaseDate}, ${age} days ago; AKS supports a node image for ${supportDays} days.`;
    return { status: 'outOfSupport', date, reason };
  }
  if (retirement) return retirementOf(version, retirement, 'retiring');
  if (!facts) {
    return { status: 'unknown', reason: `Nothing is known about the support of image family ${version.family}.` };
  }
  return { status: 'supported', date };
}

/** Undefined for families without a folder. AKS leaves out the notes of some releases. */
export function releaseNotesUrl(version: NodeImageVersion): string | undefined {
  const folder = factsOf(version)?.notes;
  return folder === undefined ? undefined : `${aks}/blob/master/vhd-notes/${folder}/${version.release}.txt`;
}

function factsOf(version: NodeImageVersion): SkuFacts | undefined {
  return version.sku === undefined ? undefined : skus[version.sku];
}

function hasPassed(date: string | undefined, now: Temporal.Instant): boolean {
  const day = date === undefined ? undefined : parseDay(date);
  return day === undefined || day * millisecondsPerDay <= now.epochMilliseconds;
}

function retirementOf(
  version: NodeImageVersion,
  { date, imagesRemoved, source }: Retirement,
  status: 'retiring' | 'retired',
): ImageSupport {
  const when = date === undefined ? '' : ` on ${date}`;
  const removal = imagesRemoved === undefined ? '' : `, and AKS removes its images on ${imagesRemoved}`;
  const reason = `${version.sku} ${status === 'retired' ? 'retired' : 'retires'}${when}${removal}: move the pool to a supported OS version (${source}).`;
  return { status, ...(date !== undefined && { date }), reason };
}
