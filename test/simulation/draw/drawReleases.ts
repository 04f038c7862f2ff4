// Node images of a run and when each region has them. Used by drawFleet.ts, and by drawPools.ts for what pools begin on.
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { shiftDay } from './drawWindow.ts';
import type { Draw } from './seed.ts';

/** Families with the releases of a run: each comes about a week after the one before, or some days where there are rings. */
export const families = [
  { name: 'AKSUbuntu-2204gen2containerd', osType: 'Linux', osSKU: 'Ubuntu' },
  { name: 'AKSAzureLinux-V3gen2', osType: 'Linux', osSKU: 'AzureLinux' },
  { name: 'AKSWindows-2022-containerd-gen2', osType: 'Windows', osSKU: 'Windows2022' },
] as const;
/** No pool is drawn with it: people bring pools to it with a Kubernetes version. */
export const nextFamily = { name: 'AKSUbuntu-2404gen2containerd', osType: 'Linux', osSKU: 'Ubuntu' } as const;
export type Family = (typeof families)[number] | typeof nextFamily;

export function imageOf(family: Family, day: string, patch = 0): string {
  const [year = '', month = '', date = ''] = day.split('-');
  if (family.osType === 'Windows') return `${family.name}-20348.${4000 + patch}.${year.slice(2)}${month}${date}`;
  return `${family.name}-${year}${month}.${date}.${patch}`;
}

export function drawReleases(
  draw: Draw,
  family: Family,
  start: string,
  weeks: number,
  until: number | undefined,
): Fleet['releases'] {
  const often = until === undefined ? { days: 7, spread: 6 } : { days: 4, spread: 2 };
  const every = often.days * (family.osType === 'Windows' ? 4 : 1);
  const releases: Fleet['releases'][number][] = [
    { nodeImageVersion: imageOf(family, shiftDay(start, -14), 1), availableAt: `${start}T00:00:00Z` },
  ];
  for (let age = 0; age < weeks * 7; age += every) {
    const day = shiftDay(start, age + draw.whole(0, often.days - 1));
    // A rollout takes up to two weeks, and reaches one region before the other.
    const outs = ['westeurope', 'northeurope'].map((region) => {
      const at = Date.parse(`${day}T00:00:00Z`) + draw.whole(1, often.spread * 24 * 60) * 60_000;
      return { at, region };
    });
    // One that never came to every region would leave rings waiting for each other.
    if (outs.some(({ at }) => at > (until ?? at))) continue;
    for (const { at, region } of outs) {
      releases.push({
        nodeImageVersion: imageOf(family, day, 100 + age),
        availableAt: new Date(at).toISOString(),
        regions: [region],
      });
    }
  }
  return releases;
}
