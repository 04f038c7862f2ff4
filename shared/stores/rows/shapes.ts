// The shapes of stored rows, as far as the app relies on them: what somebody else wrote is told apart from what is ours.
// Called by the stores, and by the ARM adapter for what ARM shows of a cluster.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { parseClusterId } from '../../domain/cluster/cluster.ts';

export type Shape = z.ZodType;

const instant = z.string().refine(isInstant, { error: 'no instant' });
const clusterId = z.string().refine((id) => parseClusterId(id) !== undefined, { error: 'not the ARM id of a cluster' });
const text = z.string();
const name = z.string().min(1);
const maybe = text.optional();
const mode = z.enum(['start', 'wait', 'skip', 'blocked']);

/** What was read, or a problem: {@link Read}. */
const read = <T extends z.ZodType>(value: T) =>
  z.union([
    z.looseObject({ problem: text }),
    z.looseObject({ problem: z.undefined().optional(), value: value.optional() }),
  ]);

export const AttemptShape = z.looseObject({
  id: name,
  state: z.enum(['intended', 'running', 'unclear']),
  cluster: clusterId,
  resourceUid: maybe,
  nodePool: name,
  nodeResourceGroup: maybe,
  from: text,
  to: text,
  window: z.looseObject({ readAt: text, opensAt: instant, closesAt: instant }),
  intendedAt: instant,
  acceptedAt: instant.optional(),
  operationUrl: maybe,
  eTag: maybe,
  estimateMinutes: z.int().min(0),
  stuckAt: instant.optional(),
  progress: z.looseObject({ at: instant, total: z.number(), done: z.number().optional() }).optional(),
});

export const ChainHeadShape = z.looseObject({
  cluster: clusterId,
  resourceUid: maybe,
  sequence: z.int().min(0),
  hash: text,
  observedAt: instant,
  gone: z.boolean().optional(),
  gapsTo: instant.optional(),
  unlistedSince: instant.optional(),
});

export const PoolHeadShape = z.looseObject({
  nodePool: name,
  nodeImageVersion: text,
  kubernetesVersion: maybe,
  sequence: z.int().min(0),
  recordedAt: instant,
  rolling: z
    .looseObject({
      isUpgrade: z.boolean(),
      startedAt: instant.optional(),
      startedBetween: z.tuple([instant.nullable(), instant]),
      eTag: maybe,
    })
    .optional(),
  rolledBackFrom: maybe,
  lastAttempt: z
    .looseObject({ id: text, opensAt: instant, closesAt: instant, outcome: text, to: text, failures: z.number() })
    .optional(),
  runs: z.array(z.looseObject({ nodeImageVersion: text, since: instant, until: instant.optional() })).optional(),
  openProof: z.looseObject({ since: instant, triedAt: instant, attempt: maybe }).optional(),
  nodesBehind: z.looseObject({ proof: text, nodes: z.looseObject({}), countedAt: text }).optional(),
  batchMinutes: z.array(z.number()).optional(),
});

export const FactsShape = z.looseObject({
  readAt: instant,
  window: read(z.looseObject({ readAt: instant })),
  otherConfigurations: read(z.array(text)).optional(),
  latest: z.record(text, read(text)),
});

export const VerdictShape = z.looseObject({
  nodePool: name,
  reason: z.enum(['clusterBusy', 'retryLater', 'unsupportedPool', 'preflightFailed']),
  message: text,
  retryAt: instant,
  refused: z.looseObject({ status: z.number().optional(), code: text, message: text }).optional(),
  conflicts: z.looseObject({ count: z.number(), since: instant }).optional(),
});

export const BudgetShape = z.looseObject({ tokens: z.number(), at: instant, closedUntil: instant.optional() });

const NodePoolShape = z.looseObject({
  name,
  nodeImageVersion: maybe,
  provisioningState: text,
  powerState: text,
  mode: text,
  type: maybe,
  osType: text,
  osSku: maybe,
  kubernetesVersion: maybe,
  count: z.number().optional(),
  vmSize: maybe,
  scaleSetPriority: maybe,
  maxPods: z.number().optional(),
  vnetSubnetId: maybe,
  podSubnetId: maybe,
  autoscaler: z.looseObject({ min: z.number().optional(), max: z.number().optional() }).optional(),
  maxSurge: maybe,
  eTag: maybe,
  snapshotId: maybe,
  error: z.looseObject({ code: text, message: text }).optional(),
});

const clusterFields = {
  id: clusterId,
  resourceUid: maybe,
  location: maybe,
  provisioningState: text,
  powerState: text,
  tags: z.record(text, text),
  upgradeChannel: maybe,
  nodeOsUpgradeChannel: maybe,
  sku: maybe,
  nodeResourceGroup: maybe,
  networkPlugin: maybe,
  networkPluginMode: maybe,
  unread: maybe,
  tooLarge: maybe,
  tagsAreCut: z.boolean().optional(),
};

export const DecisionShape = z.looseObject({
  cluster: clusterId,
  nodePool: name,
  verdict: mode,
  reason: text,
  sentence: text,
  also: z.array(z.looseObject({ reason: text, sentence: text })),
  current: maybe,
  latest: maybe,
  ring: maybe,
  nextEligibleAt: instant.optional(),
  window: z.looseObject({ opensAt: instant, closesAt: instant }).optional(),
  estimateMinutes: z.number().optional(),
  decidedAt: instant,
});

export const ViewShape = z.looseObject({
  cluster: z.looseObject(clusterFields),
  nodePool: NodePoolShape,
  // The next pass decides anew: that it is of this pool is enough.
  decision: DecisionShape.partial(),
});

const row = { id: text, cluster: clusterId, sequence: z.int(), observedAt: instant };
const roll = z.looseObject({
  ...row,
  kind: z.enum(['transition', 'rolled']),
  nodePool: name,
  from: text,
  to: text,
  startedAt: instant.optional(),
  startedBetween: z.tuple([instant.nullable(), instant]),
  completedAt: instant,
  cause: text,
  outcome: text,
  proof: text,
  window: z.looseObject({ opensAt: instant.optional(), closesAt: instant.optional() }).optional(),
  error: z.looseObject({ code: text, message: text }).optional(),
});

export const HistoryRowShape = z.discriminatedUnion('kind', [
  roll,
  z.looseObject({ ...row, kind: z.literal('firstSeen'), nodePool: name, nodeImageVersion: text }),
  z.looseObject({ ...row, kind: z.literal('gap'), unseenFrom: instant, unseenTo: instant }),
  z.looseObject({ ...row, kind: z.literal('gone'), nodePool: maybe }),
]);

export const KnownPoolShape = z.looseObject({ key: text, cluster: clusterId, nodePool: name });

export const EvidenceShape = z.looseObject({
  kind: z.enum(['operation', 'scheduled']),
  id: text,
  cluster: clusterId,
  at: instant,
  status: text,
  operation: maybe,
  nodePool: maybe,
  startedAt: instant.optional(),
});

export const PassShape = z.looseObject({
  subscription: name,
  at: instant,
  clusters: z.number(),
  listedAt: instant.optional(),
  problem: maybe,
});

export const UntoldShape = z.array(
  z.looseObject({ at: instant, before: instant.optional(), isListed: z.boolean(), reason: text }),
);

export const MarkShape = z.looseObject({ id: text, at: instant, on: maybe, until: maybe });

export const ToldShape = z.looseObject({ sequence: z.int().min(0) });

export const DueShape = z.looseObject({
  notification: z.looseObject({ id: text, type: text, source: text, subject: text, time: instant }),
});

export const WeekShape = z.looseObject({ id: name, parts: z.int(), point: z.looseObject({ week: text }) });

/** Where a value departs from a shape first, and how; undefined: nowhere. */
export function departure(shape: Shape, value: unknown): string | undefined {
  const [issue] = shape.safeParse(value).error?.issues ?? [];
  return issue && [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ');
}

const instantPattern = /^\d{4}-\d{2}-(?<day>\d{2})T([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Years of four digits: to others nothing can be added. */
function isInstant(value: string): boolean {
  const day = instantPattern.exec(value)?.groups?.['day'];
  if (day === undefined) return false;
  // Every row has several: the quick way where both ways agree.
  if (Number(day) <= 28) return !Number.isNaN(Date.parse(value));
  try {
    Temporal.Instant.from(value);
    return true;
  } catch {
    return false;
  }
}
