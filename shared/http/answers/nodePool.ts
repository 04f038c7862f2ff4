// What GET /api/nodepools, GET /api/images/{nodeImageVersion} and POST /api/preflight answer.
import { z } from 'zod';
import type { CheckName as Check } from '../../domain/policy/preflightPolicy.ts';
import { checks } from '../../domain/preflight/checks.ts';
import type { PoolPreflight as Report } from '../../usecases/start/reportPreflight.ts';
import type { NodePoolRow as Row } from '../nodePoolRow.ts';
import { Count, Day, Instant, list, named, poolFields, record, Sentence, shape } from './component.ts';
import { Decision } from './decision.ts';
import { rollFields } from './roll.ts';

const CheckName = named('CheckName', 'A check of preflight.', z.enum(Object.keys(checks) as Check[]));

const CheckResult = shape('CheckResult', 'What a check found.', {
  check: CheckName,
  effect: z.enum(['block', 'warn']).describe('What the policy says that it does.'),
  result: z.enum(['passed', 'failed', 'notRun']).describe('notRun: what it needs to know could not be read.'),
  sentence: Sentence.describe('The facts in plain words; where it failed also what to do.'),
  facts: z.record(z.string(), z.unknown()).describe('The same facts for programs.'),
  blocks: z.boolean().describe('It keeps the pool from being started.'),
});

const PoolPreflight = record<Report>()('PoolPreflight', 'What the plan and preflight say of a pool.', {
  at: Instant.describe('When ARM was read.'),
  ...poolFields,
  from: z.string().optional().describe('The image that it has.'),
  to: z.string().optional().describe('The image that ARM would install as of the last pass.'),
  wouldStart: z
    .boolean()
    .describe('By both: the plan decides to start it now, and no check that it wants keeps it from being started.'),
  decision: Decision.optional().describe(
    'What the plan decides on it now: the cluster as ARM has it, its window and images as they were last read. Absent: nobody knows it yet.',
  ),
  checks: z.array(CheckResult),
  off: z.array(CheckName).describe('The checks that the policy does not want.'),
});

export const PreflightList = list(PoolPreflight).meta({ id: 'PreflightList', description: 'A report for each pool.' });

const ImageSupport = shape(
  'ImageSupport',
  'Whether AKS supports an image: for 90 days after its release, while its family lives.',
  {
    status: z.enum(['supported', 'outOfSupport', 'retiring', 'retired', 'unknown']),
    date: Day.optional().describe('The last supported day, or the day on which the family retires.'),
    reason: Sentence.optional(),
  },
);

export const NodeImage = shape('NodeImage', 'What a node image version says.', {
  nodeImageVersion: z.string(),
  gallery: z.string(),
  definition: z.string().describe('Empty where the name has none.'),
  family: z.string().describe('Gallery and definition: the images that replace one another.'),
  release: z.string(),
  releaseDate: Day,
  securityPatch: Day.optional().describe('Of the patch that the node label carries.'),
  os: z.enum(['Linux', 'Windows']),
  sku: z.string().optional().describe("As in ARM's osSKU, with the version."),
  generation: z.union([z.literal(1), z.literal(2)]).optional(),
  architecture: z.enum(['x64', 'arm64']).optional(),
  features: z.array(z.enum(['FIPS', 'TrustedLaunch', 'CVM', 'Kata'])),
  ageDays: Count.optional().describe('Days since the release date; absent before it.'),
  support: ImageSupport,
  releaseNotes: z.url().optional(),
});

const UpgradeNodes = shape('UpgradeNodes', 'How far an upgrade has come, by what its nodes show.', {
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

const Upgrade = shape('Upgrade', "The keeper's upgrade that is under way.", {
  id: z.string(),
  from: z.string(),
  to: z.string().describe('The same as target: nothing of it is reached yet.'),
  target: z.string().describe('The node image version that it asks for.'),
  ring: rollFields.ring,
  policyVersion: rollFields.policyVersion,
  approval: rollFields.approval,
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
    nodesBySize: z
      .array(z.strictObject({ size: z.string().optional(), count: Count.optional() }))
      .optional()
      .describe('Of a pool of type VirtualMachines: its nodes by their VM size.'),
    maxSurge: z.string().optional().describe("Nodes, or a percentage; AKS's default is 10%."),
    maxUnavailable: z
      .string()
      .optional()
      .describe("Nodes, or a percentage, that are replaced at once where maxSurge is 0; AKS's default is 0."),
    nodeSoakMinutes: Count.optional().describe("What AKS waits in every batch of nodes; AKS's default is 0."),
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
