// The format of fleet files, docs/fleet.schema.json being its JSON Schema: clusters in ARM's own shapes, the node images
// that AKS offers, and what goes wrong. Read by fleetFile.ts.
import { z } from 'zod';
import { parseClusterId } from '../../shared/domain/cluster/cluster.ts';
import { Fault, NodeImageVersion, Time } from '../simulator/faults/fault.ts';

const text = z.string().min(1);
const PowerState = z.looseObject({ code: z.enum(['Running', 'Stopped']) });
const nodes = z
  .string()
  .regex(/^\d+%?$/, { error: 'a number of nodes or a percentage, as text: "1", "33%"' })
  .exactOptional();

const AgentPoolProfile = z
  .looseObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,11}$/, { error: 'up to 12 lower-case letters and digits, a letter first' }),
    count: z.int().min(0).max(1000).exactOptional(),
    mode: text.exactOptional(),
    type: text.exactOptional(),
    osType: text.exactOptional(),
    provisioningState: text.exactOptional(),
    powerState: PowerState.exactOptional(),
    orchestratorVersion: text.exactOptional(),
    currentOrchestratorVersion: text.exactOptional(),
    nodeImageVersion: NodeImageVersion.exactOptional(),
    eTag: text.exactOptional(),
    upgradeSettings: z
      .looseObject({
        maxSurge: nodes,
        maxUnavailable: nodes,
        drainTimeoutInMinutes: z.int().min(1).max(1440).exactOptional(),
      })
      .exactOptional(),
  })
  .meta({ description: "An agent pool in ARM's shape. Fields that are not listed here are kept as they are." });

/** A window in ARM's shape, or one that opens so long from the start. Which of the two it is, fleetFile.ts checks. */
const MaintenanceWindow = z
  .looseObject({
    opensIn: z
      .string()
      .exactOptional()
      .meta({
        description: "Instead of ARM's fields: the window opens so long after the start (before it with a minus).",
        examples: ['PT2M', '-PT1H'],
      }),
    every: z
      .enum(['day', 'week'])
      .exactOptional()
      .meta({ description: 'With opensIn: how often the window opens; day when not given.' }),
    durationHours: z.int().min(4).max(24),
  })
  .meta({
    description: "ARM's maintenanceWindow, or {opensIn, durationHours, every?}, so that a file works on any day.",
  });

const kubernetesNames = { namespace: text, name: text };
const PodLabels = z.record(z.string(), z.string());

const KubernetesContent = z
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

export const ManagedCluster = z
  .looseObject({
    id: z.string().refine((id) => parseClusterId(id) !== undefined, {
      error:
        'an ARM id: /subscriptions/{id}/resourceGroups/{name}/providers/Microsoft.ContainerService/managedClusters/{name}',
    }),
    location: text,
    tags: z.record(z.string(), z.string()).exactOptional(),
    sku: z.looseObject({ name: text.exactOptional(), tier: text.exactOptional() }).exactOptional(),
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
    maintenanceConfigurations: z
      .array(
        z.looseObject({
          name: text,
          properties: z.looseObject({ maintenanceWindow: MaintenanceWindow.exactOptional() }),
        }),
      )
      .exactOptional()
      .meta({ description: "Maintenance configurations in ARM's shape." }),
    kubernetes: KubernetesContent.exactOptional(),
  })
  .meta({ description: "A managed cluster in ARM's own JSON shape; fields that are not listed here are kept." });

/** A fleet file as it is written. */
export const FleetFile = z
  .strictObject({
    $schema: z.string().exactOptional(),
    clusters: z.array(ManagedCluster).min(1),
    releases: z
      .array(
        z.strictObject({
          nodeImageVersion: NodeImageVersion,
          availableAt: Time,
          regions: z.array(text).exactOptional().meta({ description: 'Where it is out; everywhere when not given.' }),
        }),
      )
      .meta({ description: 'The node images that AKS offers, and from when on.' }),
    rolling: z.strictObject({
      secondsPerNode: z.number().gt(0).max(86_400).meta({ description: 'How long one batch of surge nodes takes.' }),
    }),
    policy: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .meta({ description: 'The keeper\'s policy for `npm start`; {"mode": "enforce"} when not given.' }),
    faults: z.array(Fault).exactOptional().meta({ description: 'What goes wrong, and what people do meanwhile.' }),
    aksAutoUpgrade: z.boolean().exactOptional().meta({
      description: 'AKS itself upgrades clusters on channel NodeImage in their window; false when not given.',
    }),
    subscriptionEvents: z.boolean().exactOptional().meta({
      description:
        'Event Grid also sends the resource events of the subscription and the scheduled events of AKS; false when not given.',
    }),
  })
  .meta({
    title: 'A fleet for the AKS simulator',
    description:
      'In every nodeImageVersion, {-P20D} stands for the day so long from the start, as Linux images have it (YYYYMM.DD), and after a dot as Windows images do (YYMMDD).',
  });
export type FleetFile = z.infer<typeof FleetFile>;
export type WrittenCluster = FleetFile['clusters'][number];
export type WrittenConfiguration = NonNullable<WrittenCluster['maintenanceConfigurations']>[number];
