// What nodes need of Compute and Network, through ARM. Reads only; they throw ArmError, and only 404 means absent.
import type { NodeInstance } from '../domain/nodes/nodeInstance.ts';
import type { Quota, SubnetUsage, VmSize } from '../domain/preflight/preflightFacts.ts';

export type Capacity = {
  readonly listQuotas: (subscription: string, location: string) => Promise<readonly Quota[]>;
  /** Undefined when the region does not list the size for this subscription. Sizes may be an hour old. */
  readonly getVmSize: (subscription: string, location: string, name: string) => Promise<VmSize | undefined>;
  readonly listVirtualNetworks: (subscription: string, resourceGroup: string) => Promise<readonly string[]>;
  readonly listSubnetUsages: (virtualNetworkId: string) => Promise<readonly SubnetUsage[] | undefined>;
  readonly listInstances: (
    subscription: string,
    nodeResourceGroup: string,
    nodePool: string,
  ) => Promise<readonly NodeInstance[]>;
};
