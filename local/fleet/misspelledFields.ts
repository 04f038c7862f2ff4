// Misspelled fields of pools in a fleet file. Unknown fields are kept, so a misspelled one would be kept too, and do nothing.
import { type Fields, isObject } from '../../shared/domain/text/anyValue.ts';
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

const upgradeFields =
  'drainTimeoutInMinutes maxBlockedNodes maxSurge maxUnavailable nodeSoakDurationInMinutes undrainableNodeBehavior'.split(
    ' ',
  );

export function misspelledFields(clusters: unknown): readonly DocumentProblem[] {
  return entriesOf(clusters).flatMap(([index, cluster]) =>
    entriesOf(fieldsOf(fieldsOf(cluster)['properties'])['agentPoolProfiles']).flatMap(([poolIndex, pool]) => {
      const at = `clusters[${index}].properties.agentPoolProfiles[${poolIndex}]`;
      const settings = fieldsOf(pool)['upgradeSettings'];
      return [...misspelledIn(pool, poolFields, at), ...misspelledIn(settings, upgradeFields, `${at}.upgradeSettings`)];
    }),
  );
}

function misspelledIn(object: unknown, known: readonly string[], at: string): readonly DocumentProblem[] {
  return Object.keys(fieldsOf(object)).flatMap((field) => {
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
  return isWithin(field.toLowerCase(), known.toLowerCase(), known.length > 5 ? 2 : 1);
}

/** True when so many letters at most are added, dropped, changed or swapped with their neighbour. */
function isWithin(a: string, b: string, edits: number): boolean {
  if (a === '' || b === '') return a.length + b.length <= edits;
  if (a[0] === b[0]) return isWithin(a.slice(1), b.slice(1), edits);
  if (edits === 0) return false;
  const isSwapped = a[0] === b[1] && a[1] === b[0];
  return (
    isWithin(a.slice(1), b, edits - 1) ||
    isWithin(a, b.slice(1), edits - 1) ||
    isWithin(a.slice(1), b.slice(1), edits - 1) ||
    (isSwapped && isWithin(a.slice(2), b.slice(2), edits - 1))
  );
}

function entriesOf(value: unknown): readonly (readonly [number, unknown])[] {
  return Array.isArray(value) ? [...value.entries()] : [];
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}
