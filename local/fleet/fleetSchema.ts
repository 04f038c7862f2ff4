// The format of fleet files; docs/fleet.schema.json is its JSON Schema.
import { z } from 'zod';
import { Fault, NodeImageVersion, Time } from '../simulator/faults/fault.ts';
import { clusterFields, KubernetesContent, notHere } from '../simulator/world/armFleet.ts';

const text = z.string().min(1);
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

export const ManagedCluster = z
  .looseObject({
    ...clusterFields,
    maintenanceConfigurations: z
      .array(
        z.looseObject({
          name: text,
          maintenanceWindow: notHere(
            'so az aks maintenanceconfiguration prints it. Take it from az rest, as docs/operations.md says',
          ),
          properties: z.looseObject({ maintenanceWindow: MaintenanceWindow.exactOptional() }),
        }),
      )
      .exactOptional()
      .meta({ description: "Maintenance configurations in ARM's shape." }),
    kubernetes: KubernetesContent.exactOptional(),
  })
  .meta({ description: "A managed cluster in ARM's own JSON shape; fields that are not listed here are kept." });

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
      description:
        'AKS itself upgrades, each in its window: node images on channel NodeImage, and Kubernetes, see the fault kubernetesRelease; false when not given.',
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
