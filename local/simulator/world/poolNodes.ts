// The nodes of a pool, and how its JSON tells of them: by a count and a VM size, or in a pool of type VirtualMachines by size.
import type { ArmAgentPoolProfile } from './armFleet.ts';

export type SimulatedNode = {
  readonly name: string;
  readonly size: string;
  readonly nodeImageVersion: string | undefined;
  readonly ready: boolean;
};

const usualSize = 'Standard_D4s_v5';

/** Its nodes are virtual machines of their own, in no scale set, and may be of several sizes. */
export function isOfMachines({ type }: ArmAgentPoolProfile): boolean {
  return type?.toLowerCase() === 'virtualmachines';
}

/** The VM sizes of a pool, also of one without nodes. */
export function sizesOf(profile: ArmAgentPoolProfile): readonly string[] {
  return isOfMachines(profile) ? groupsIn(profile).map(({ size }) => size) : [profile.vmSize || usualSize];
}

/** What ARM shows of the nodes of a pool that the fleet describes so: no count and no VM size of nodes that stand by size. */
export function shownNodes(profile: ArmAgentPoolProfile) {
  if (!isOfMachines(profile)) return { count: profile.count ?? 1, vmSize: profile.vmSize || usualSize };
  const { count = null, vmSize = '', virtualMachineNodesStatus = groupsIn(profile) } = profile;
  return { count, vmSize, virtualMachineNodesStatus };
}

/** @param deallocated so many of a scale set's machines are beyond its nodes, and off */
export function createNodes(
  profile: ArmAgentPoolProfile,
  scaleSet: string,
  deallocated: number,
): { readonly nodes: readonly SimulatedNode[]; readonly deallocated: readonly SimulatedNode[] } {
  const { nodeImageVersion, vmSize } = profile;
  const count = profile.count ?? 1;
  const ofMachines = isOfMachines(profile);
  const groups = ofMachines ? groupsIn(profile) : [{ size: vmSize || usualSize, count: count + deallocated }];
  const machines = groups
    .flatMap(({ size, count: nodes }) => Array.from({ length: nodes }, () => size))
    .map((size, index) => ({
      name: ofMachines
        ? `${scaleSet.replace(/vmss$/, 'vms')}${index + 1}`
        : `${scaleSet}${index.toString(36).padStart(6, '0')}`,
      size,
      nodeImageVersion,
      ready: ofMachines || index < count,
    }));
  return { nodes: machines.filter(({ ready }) => ready), deallocated: machines.filter(({ ready }) => !ready) };
}

/** The fields of a pool that was scaled to these nodes. */
export function scaledTo(profile: ArmAgentPoolProfile, nodes: readonly SimulatedNode[]): Partial<ArmAgentPoolProfile> {
  if (!isOfMachines(profile)) return { count: nodes.length };
  const sizes = new Set([...sizesOf(profile), ...nodes.map(({ size }) => size)]);
  const groups = [...sizes].map((size) => ({ size, count: nodes.filter((node) => node.size === size).length }));
  return { virtualMachineNodesStatus: groups, virtualMachinesProfile: { scale: { manual: groups } } };
}

function groupsIn({ virtualMachineNodesStatus: status, virtualMachinesProfile: profile }: ArmAgentPoolProfile) {
  return status?.length ? status : (profile?.scale?.manual ?? []);
}
