// VM sizes by their names: families, cores, and the list of them that Microsoft.Compute shows.
import { normalizeRegion } from './names.ts';
import { sizesOf } from './poolNodes.ts';
import type { World } from './world.ts';

const usualSizes = ['Standard_B2s', 'Standard_D2s_v5', 'Standard_D4s_v5', 'Standard_D8s_v5', 'Standard_E4s_v5'];

const namePattern = /^Standard_(?<letters>[A-Z]+)(?<cores>\d+)(?:-\d+)?(?<features>[a-z]*)(?:_(?<version>v\d+))?$/;

/** The cores of a size; those with a second number in their name have as many, though fewer that may be used. */
export function vCpusOf(size: string): number {
  return Number(/^\D*_\D*(\d+)/.exec(size)?.[1] ?? 2);
}

/** Azure's name of a size's family: Standard_D4s_v5 is of standardDSv5Family. */
export function familyOf(size: string): string {
  const { letters, features = '', version = '' } = namePattern.exec(size)?.groups ?? {};
  return letters ? `standard${letters}${features.toUpperCase()}${version}Family` : 'standardDSv5Family';
}

/** GET …/Microsoft.Compute/skus; `filter` is `location eq 'westeurope'`, without which all regions are listed. */
export function skusBody(world: World, filter: string | null): object {
  const wanted = /^location eq '(?<region>[^']+)'$/.exec(filter ?? '')?.groups?.['region'];
  const regions = new Set(world.clusters.map(({ resource }) => normalizeRegion(resource.location)));
  const used = world.clusters.flatMap(({ pools }) => pools.flatMap(({ profile }) => sizesOf(profile)));
  const sizes = new Set([...usualSizes, ...used]);
  return {
    value: [...regions]
      .filter((region) => wanted === undefined || normalizeRegion(wanted) === region)
      .flatMap((region) => [
        { resourceType: 'disks', name: 'Premium_LRS', tier: 'Premium', size: 'P10', ...placeOf(region) },
        ...[...sizes].map((size) => skuBody(size, region)),
      ]),
  };
}

function skuBody(name: string, region: string): object {
  return {
    resourceType: 'virtualMachines',
    name,
    tier: 'Standard',
    size: name.replace(/^Standard_/, ''),
    family: familyOf(name),
    ...placeOf(region),
    capabilities: [
      { name: 'MaxResourceVolumeMB', value: '0' },
      { name: 'vCPUs', value: String(vCpusOf(name)) },
      { name: 'MemoryGB', value: String(vCpusOf(name) * 4) },
    ],
  };
}

function placeOf(location: string): object {
  const locationInfo = [{ location, zones: ['1', '2', '3'], zoneDetails: [] }];
  return { locations: [location], locationInfo, restrictions: [] };
}
