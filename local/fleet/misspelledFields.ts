// Misspelled fields of pools in a fleet file. Unknown fields are kept, so a misspelled one would be kept too, and do nothing.
import { AgentPoolProfile } from '../simulator/world/armFleet.ts';
import type { DocumentProblem } from './documentProblem.ts';

/** ManagedClusterAgentPoolProfile of API 2026-06-01. */
const poolFields = [
  ...Object.keys(AgentPoolProfile.shape),
  ...`
  availabilityZones capacityReservationGroupID creationData enableAutoScaling enableEncryptionAtHost enableFIPS
  enableNodePublicIP enableUltraSSD gatewayProfile gpuInstanceProfile gpuProfile hostGroupID kubeletConfig
  kubeletDiskType linuxOSConfig localDNSProfile maxCount maxPods messageOfTheDay minCount networkProfile
  nodeLabels nodePublicIPPrefixID nodeTaints osDiskSizeGB osDiskType osSKU podIPAllocationMode podSubnetID
  proximityPlacementGroupID scaleDownMode scaleSetEvictionPolicy scaleSetPriority securityProfile spotMaxPrice
  status tags virtualMachineNodesStatus virtualMachinesProfile vmSize vnetSubnetID windowsProfile workloadRuntime`
    .trim()
    .split(/\s+/),
];

const upgradeFields = [
  'drainTimeoutInMinutes',
  'maxBlockedNodes',
  'maxSurge',
  'maxUnavailable',
  'nodeSoakDurationInMinutes',
  'undrainableNodeBehavior',
];

export function misspelledFields(clusters: unknown): readonly DocumentProblem[] {
  return entriesOf(clusters).flatMap(([index, cluster]) => {
    const pools = fieldOf(fieldOf(cluster, 'properties'), 'agentPoolProfiles');
    return entriesOf(pools).flatMap(([poolIndex, pool]) => {
      const at = `clusters[${index}].properties.agentPoolProfiles[${poolIndex}]`;
      return [
        ...misspelledIn(pool, poolFields, at),
        ...misspelledIn(fieldOf(pool, 'upgradeSettings'), upgradeFields, `${at}.upgradeSettings`),
      ];
    });
  });
}

function misspelledIn(object: unknown, known: readonly string[], at: string): readonly DocumentProblem[] {
  if (typeof object !== 'object' || object === null) return [];
  return Object.keys(object).flatMap((field) => {
    const meant = known.includes(field) ? undefined : known.find((one) => isNearly(field, one));
    if (meant === undefined) return [];
    const path = `${at}.${field}`;
    return [
      { path, message: `${path} is no field of ARM's; ${meant} was meant, or give it a name that is less like it.` },
    ];
  });
}

/** Two letters may differ; in a short name one, or a custom field would look misspelled. */
function isNearly(field: string, known: string): boolean {
  return distance(field.toLowerCase(), known.toLowerCase()) <= (known.length > 5 ? 2 : 1);
}

/** Letters to add, drop, change or swap with their neighbour: optimal string alignment. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          cell(row - 1, column) + 1,
          cell(row, column - 1) + 1,
          cell(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? cell(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return cell(a.length, b.length);
}

function entriesOf(value: unknown): readonly (readonly [number, unknown])[] {
  return Array.isArray(value) ? [...value.entries()] : [];
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}
