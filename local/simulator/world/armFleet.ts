// The fleet that the simulator starts from, in ARM's own JSON shapes: what fleet files are checked by, and the types.
import { z } from 'zod';
import { parseClusterId } from '../../../shared/domain/cluster/clusterId.ts';
import { NodeImageVersion } from '../faults/fault.ts';

const text = z.string().min(1);
/** ARM may show other codes than those that a fleet can start with. */
const PowerCode: z.ZodType<string> = z.enum(['Running', 'Stopped']);
const PowerState = z.looseObject({ code: PowerCode });
const nodes = z
  .string()
  .regex(/^\d+%?$/, { error: 'a number of nodes or a percentage, as text: "1", "33%"' })
  .nullable()
  .exactOptional();
const Nodes = z.int().min(0).max(1000);
const NodesBySize = z
  .array(z.looseObject({ size: text, count: Nodes }))
  .nullable()
  .exactOptional();

/** A field of another shape of the same thing: unknown ones are kept, so that this one would be kept and do nothing. */
export const notHere = (why: string) => z.never({ error: `nothing: ${why}` }).exactOptional();

export const AgentPoolProfile = z
  .looseObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,11}$/, { error: 'up to 12 lower-case letters and digits, a letter first' }),
    count: Nodes.nullable()
      .exactOptional()
      .meta({ description: '1 when not given; a pool of type VirtualMachines has its nodes by VM size instead.' }),
    vmSize: z.string().nullable().exactOptional(),
    virtualMachineNodesStatus: NodesBySize.meta({
      description: 'Of a pool of type VirtualMachines: the nodes that run.',
    }),
    virtualMachinesProfile: z
      .looseObject({ scale: z.looseObject({ manual: NodesBySize }).nullable().exactOptional() })
      .nullable()
      .exactOptional()
      .meta({ description: 'Of a pool of type VirtualMachines: the nodes that it is to have.' }),
    mode: text.exactOptional(),
    type: text.exactOptional(),
    osType: text.exactOptional(),
    provisioningState: text.exactOptional(),
    powerState: PowerState.exactOptional(),
    orchestratorVersion: text.exactOptional(),
    currentOrchestratorVersion: text.exactOptional(),
    nodeImageVersion: NodeImageVersion.exactOptional(),
    eTag: text.exactOptional(),
    properties: notHere(
      "so ARM shows a pool by itself. Put name and the fields of properties beside each other, as a cluster's agentPoolProfiles have them",
    ),
    scaleDownMode: text.exactOptional(),
    deallocatedNodes: z.int().min(0).max(1000).exactOptional().meta({
      description:
        "Not of ARM's shape: so many machines are deallocated beyond count, on the pool's image; scaleDownMode is Deallocate.",
    }),
    upgradeSettings: z
      .looseObject({
        maxSurge: nodes,
        maxUnavailable: nodes,
        drainTimeoutInMinutes: z.int().min(1).max(1440).nullable().exactOptional(),
        nodeSoakDurationInMinutes: z.int().min(0).max(30).nullable().exactOptional(),
      })
      .exactOptional(),
  })
  .refine(({ deallocatedNodes = 0, scaleDownMode }) => deallocatedNodes === 0 || scaleDownMode === 'Deallocate', {
    path: ['deallocatedNodes'],
    error: '0, or with scaleDownMode Deallocate any number up to 1000',
  })
  .meta({ description: "An agent pool in ARM's shape. Fields that are not listed here are kept as they are." });

const kubernetesNames = { namespace: text, name: text };
const PodLabels = z.record(z.string(), z.string());

export const KubernetesContent = z
  .strictObject({
    pods: z
      .array(
        z.strictObject({
          ...kubernetesNames,
          nodePool: text.meta({ description: 'The pool whose nodes it is on.' }),
          labels: PodLabels.exactOptional(),
          controller: z.strictObject({ kind: text, name: text }).exactOptional(),
          phase: z.enum(['Running', 'Pending']).exactOptional(),
        }),
      )
      .exactOptional(),
    podDisruptionBudgets: z
      .array(z.strictObject({ ...kubernetesNames, disruptionsAllowed: z.int().min(0), matchLabels: PodLabels }))
      .exactOptional()
      .meta({ description: 'One that allows no disruption blocks the drain of pools that its pods are on.' }),
  })
  .meta({ description: "What the cluster's Kubernetes API shows beside its nodes." });

/** What a managed cluster has beside maintenance configurations, which fleet files may write in a way of their own. */
export const clusterFields = {
  id: z.string().refine((id) => parseClusterId(id) !== undefined, {
    error:
      'an ARM id: /subscriptions/{id}/resourceGroups/{name}/providers/Microsoft.ContainerService/managedClusters/{name}',
  }),
  location: text,
  tags: z.record(z.string(), z.string()).exactOptional(),
  sku: z.looseObject({ name: text.exactOptional(), tier: text.exactOptional() }).exactOptional(),
  agentPoolProfiles: notHere(
    'so az aks show and az aks list print a cluster. Take it from az rest, as docs/operations.md says',
  ),
  properties: z.looseObject({
    provisioningState: text.exactOptional(),
    powerState: PowerState.exactOptional(),
    kubernetesVersion: text.exactOptional(),
    currentKubernetesVersion: text.exactOptional(),
    agentPoolProfiles: z.array(AgentPoolProfile).exactOptional(),
    autoUpgradeProfile: z
      .looseObject({ upgradeChannel: text.exactOptional(), nodeOSUpgradeChannel: text.exactOptional() })
      .exactOptional(),
    resourceUID: text.exactOptional(),
    nodeResourceGroup: text.exactOptional(),
  }),
};

const Cluster = z.looseObject({ ...clusterFields, kubernetes: KubernetesContent.exactOptional() });

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

export type ArmAgentPoolProfile = Frozen<z.output<typeof AgentPoolProfile>>;
export type ArmKubernetes = Frozen<z.output<typeof KubernetesContent>>;
export type ArmPod = NonNullable<ArmKubernetes['pods']>[number];
export type ArmPodDisruptionBudget = NonNullable<ArmKubernetes['podDisruptionBudgets']>[number];

export type ArmMaintenanceConfiguration = {
  readonly name: string;
  readonly properties: { readonly maintenanceWindow?: unknown; readonly [field: string]: unknown };
};

export type ArmManagedCluster = Frozen<z.output<typeof Cluster>> & {
  readonly maintenanceConfigurations?: readonly ArmMaintenanceConfiguration[];
};

export type Fleet = {
  readonly clusters: readonly ArmManagedCluster[];
  readonly releases: readonly {
    readonly nodeImageVersion: string;
    readonly availableAt: string;
    readonly regions?: readonly string[];
  }[];
  readonly rolling: { readonly secondsPerNode: number };
  /** AKS itself upgrades clusters on channel NodeImage in their window, as it does on Azure; default false. */
  readonly aksAutoUpgrade?: boolean;
  /** Event Grid also sends what it sends for whole subscriptions: who did what, and AKS's maintenance; default false. */
  readonly subscriptionEvents?: boolean;
};
