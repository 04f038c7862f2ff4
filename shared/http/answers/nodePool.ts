// What GET /api/nodepools answers.
import { z } from 'zod';
import type { Progress } from '../../domain/attempt/attempt.ts';
import type { NodePoolRow as Row } from '../nodePoolRow.ts';
import { record } from './component.ts';
import { Decision } from './decision.ts';
import { ImageSupport } from './image.ts';
import { Count, Day, Instant, list, poolFields } from './texts.ts';

const UpgradeNodes = record<Progress>()('UpgradeNodes', 'How far an upgrade has come, by what its nodes show.', {
  at: Instant.describe('When they were counted.'),
  total: Count.describe('Surge nodes count too.'),
  done: Count.optional().describe(
    "Those on the image that it upgrades to; absent where their images can't be compared with it.",
  ),
  cordoned: Count.optional().describe('This and what follows only the Kubernetes API tells.'),
  quarantined: Count.optional(),
  notReady: Count.optional(),
  pendingPods: Count.optional().describe('Pods of the whole cluster that wait for a node.'),
});

const Upgrade = record<NonNullable<Row['upgrade']>>()('Upgrade', "The keeper's upgrade that is under way.", {
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
});

const NodePoolRow = record<Row>()(
  'NodePool',
  'A pool as ARM last showed it, with the decision on it. Values of Azure are as it writes them.',
  {
    ...poolFields,
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
  },
);

export const NodePoolList = list(NodePoolRow).meta({
  id: 'NodePoolList',
  description: 'In the order of subscription, resource group, cluster and pool.',
});
