// Facts of a pool that preflight finds nothing wrong with, for the tests of its checks to spoil.
import type { Cluster, NodePool } from '../../../shared/domain/cluster/cluster.ts';
import type {
  PreflightFacts,
  PreflightReads,
  Quota,
  SubnetUsage,
} from '../../../shared/domain/preflight/preflightFacts.ts';
import { aCluster, aPool } from '../../builders.ts';

const network = '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub';
export const subnetId = (name: string) => `${network}/subnets/${name}`;

export const quotasOf = (family: readonly [used: number, limit: number], cores = family): readonly Quota[] => [
  { name: 'cores', used: cores[0], limit: cores[1] },
  { name: 'standardDSv5Family', used: family[0], limit: family[1] },
  { name: 'lowPriorityCores', used: 0, limit: 0 },
];

export const usageOf = (name: string, used: number, limit: number): { readonly value: SubnetUsage } => ({
  value: { id: subnetId(name), used, limit },
});

/** Four nodes of four vCPUs, one of which surges, on an overlay network. */
export function somePreflightFacts({
  pool = {},
  cluster = {},
  reads = {},
}: {
  pool?: Partial<NodePool>;
  cluster?: Partial<Cluster>;
  reads?: Partial<PreflightReads>;
} = {}): PreflightFacts {
  const whole = aPool({ count: 4, maxSurge: '1', vmSize: 'Standard_D4s_v5', vnetSubnetId: subnetId('nodes'), ...pool });
  return {
    cluster: aCluster({ networkPlugin: 'azure', networkPluginMode: 'overlay', nodePools: [whole], ...cluster }),
    pool: whole,
    reads: {
      quotas: { value: quotasOf([16, 100]) },
      vmSizes: { value: [{ name: 'Standard_D4s_v5', family: 'standardDSv5Family', vCpus: 4 }] },
      nodeSubnet: usageOf('nodes', 4, 251),
      podSubnet: { problem: 'not asked' },
      ...reads,
    },
  };
}
