// What GET /api/nodepools answers.
import { z } from 'zod';
import type { Progress } from '../../domain/attempt/attempt.ts';
import type { NodePoolRow as Row } from '../httpSchemas.ts';
import { component } from './component.ts';
import { Decision } from './decision.ts';
import { ImageSupport } from './image.ts';
import { ClusterId, Count, Day, Instant } from './texts.ts';

const UpgradeNodes = component<Progress>()(
  'UpgradeNodes',
  'How far an upgrade has come, by what its nodes show.',
  z.strictObject({
    at: Instant.describe('When they were counted.'),
    total: Count.describe('Surge nodes count too.'),
    done: Count.optional().describe(
      "Those on the image that it upgrades to; absent where their images can't be compared with it.",
    ),
    cordoned: Count.optional().describe('This and what follows only the Kubernetes API tells.'),
    quarantined: Count.optional(),
    notReady: Count.optional(),
    pendingPods: Count.optional().describe('Pods of the whole cluster that wait for a node.'),
  }),
);

const Upgrade = component<NonNullable<Row['upgrade']>>()(
  'Upgrade',
  "The keeper's upgrade that is under way.",
  z.strictObject({
    id: z.string(),
    from: z.string(),
    to: z.string(),
    state: z
      .enum(['intended', 'running', 'unclear'])
      .describe('intended: perhaps not sent yet. running: ARM accepted it. unclear: its answer is not known.'),
    startedAt: Instant,
    estimateMinutes: z.number().min(0),
    expectedEnd: Instant,
    stuckAt: Instant.optional().describe('When it was found to have outlived its estimate several times.'),
    nodes: UpgradeNodes.optional().describe('Absent until they were counted.'),
  }),
);

const NodePoolRow = component<Row>()(
  'NodePool',
  'A pool as ARM last showed it, with the decision on it. Values of Azure are as it writes them.',
  z.strictObject({
    cluster: ClusterId,
    nodePool: z.string(),
    location: z.string().optional(),
    current: z.string().optional().describe('Its node image version.'),
    latest: z.string().optional().describe('What ARM would install.'),
    releaseDate: Day.optional().describe('Of its image.'),
    ageDays: Count.optional().describe('Days since then.'),
    support: ImageSupport.optional(),
    osType: z.string(),
    osSku: z.string().optional(),
    mode: z.string(),
    kubernetesVersion: z.string().optional(),
    count: Count.optional().describe('Of its nodes; absent where ARM does not show it.'),
    autoscaler: z.strictObject({ min: Count.optional(), max: Count.optional() }).optional(),
    maxSurge: z.string().optional().describe("Nodes, or a percentage; AKS's default is 10%."),
    nodeOsUpgradeChannel: z.string().optional(),
    provisioningState: z.string(),
    powerState: z.string(),
    upgrade: Upgrade.optional(),
    decision: Decision,
  }),
);

export type NodePoolList = { readonly value: readonly Row[] };

export const NodePoolList = component<NodePoolList>()(
  'NodePoolList',
  'In the order of subscription, resource group, cluster and pool.',
  z.strictObject({ value: z.array(NodePoolRow) }),
);
