// Faults on demand: what may go wrong, and what people do meanwhile.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { parseNodeImageVersion } from '../../../shared/domain/image/nodeImageVersion.ts';
import { durationAllowed, readDuration, readTime, timeAllowed, timePattern } from '../world/relativeTime.ts';

const text = z.string().min(1);

/** An ISO time, or a duration from the start of the run; in a fault sent while running, from now. */
export const Time = z
  .string()
  .refine((text) => readTime(text, Temporal.Instant.fromEpochMilliseconds(0)) !== undefined, { error: timeAllowed })
  .meta({
    description: `A time: ${timeAllowed}.`,
    pattern: timePattern,
    examples: ['PT2M', '-PT1H', '2026-11-03T10:00:00Z'],
  });

export const NodeImageVersion = z
  .string()
  .refine((version) => parseNodeImageVersion(version) !== undefined, {
    error: 'a node image version such as AKSUbuntu-2204gen2containerd-202512.18.0',
  })
  .meta({ examples: ['AKSUbuntu-2204gen2containerd-202512.18.0'] });

const Duration = z
  .string()
  .refine((text) => readDuration(text, Temporal.Instant.fromEpochMilliseconds(0)) !== undefined, {
    error: durationAllowed,
  });

const when = Time.exactOptional().meta({ description: 'When it comes into force; at once when not given.' });
const cluster = text.meta({ description: "The cluster's name or ARM id." });
const nodePool = text.meta({ description: "The pool's name." });
const pool = { when, cluster, nodePool };

const often = {
  times: z.int().min(1).exactOptional().meta({ description: 'How often; 1 when neither times nor share is given.' }),
  share: z
    .number()
    .gt(0)
    .max(1)
    .exactOptional()
    .meta({ description: 'Which share of the chances it takes, by the seed; 1 when not given.' }),
};

const request = {
  when,
  ...often,
  on: z
    .strictObject({
      method: text.exactOptional(),
      path: text.exactOptional().meta({ description: 'A part of the path, in any case.' }),
    })
    .exactOptional()
    .meta({ description: 'Which requests; all when not given.' }),
};

const event = {
  when,
  ...often,
  cluster: cluster.exactOptional(),
  nodePool: nodePool.exactOptional(),
};

const seconds = z.number().min(0).max(86_400);
const serverStatus = z.int().min(500).max(599);
const release = {
  nodeImageVersion: NodeImageVersion,
  regions: z.array(text).exactOptional().meta({ description: 'Where it is out; everywhere when not given.' }),
};

function fault<const Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, description: string, shape: Shape) {
  return z.strictObject({ kind: z.literal(kind), ...shape }).meta({ description });
}

const kinds = [
  fault('serverError', 'A request fails with a 5xx (503 when not given) and changes nothing.', {
    ...request,
    status: serverStatus.exactOptional(),
  }),
  fault('throttled', 'A request is refused with 429 and Retry-After, as when others use up the limits.', {
    ...request,
    retryAfterSeconds: z.int().min(1).max(3600).exactOptional().meta({ description: '5 when not given.' }),
  }),
  fault('slowAnswer', 'A request takes effect at once and its answer comes late.', { ...request, seconds }),
  fault(
    'lostAnswer',
    'An accepted request loses its answer: the connection is reset, or a gateway answers this status.',
    { ...request, status: serverStatus.exactOptional() },
  ),
  fault('eventLost', 'An event never comes.', event),
  fault('eventDoubled', 'An event comes twice.', event),
  fault('eventLate', 'An event comes late.', { ...event, seconds }),
  fault('eventReordered', 'An event comes after the one that follows it, or a minute late when none follows.', event),
  fault('activityLogForbidden', 'The Activity Log may not be read, until cleared.', { when }),
  fault('activityLogLate', 'What is done from now on is in the Activity Log so much later, until cleared.', {
    when,
    seconds,
  }),
  fault('drainBlocked', "The pool's next roll fails: a pod disruption budget lets a node not be drained.", {
    ...pool,
    podDisruptionBudget: text.meta({ description: 'namespace/name', examples: ['shop/checkout'] }),
    afterNodes: z.int().min(0).exactOptional().meta({ description: 'Nodes that still succeed; 0 when not given.' }),
    seconds: seconds
      .exactOptional()
      .meta({ description: "How long the drain is tried; the pool's drainTimeoutInMinutes when not given." }),
  }),
  fault('nodesNotJoined', "The pool's next roll fails: a new node never joins, as vmssCSE fails on it.", {
    ...pool,
    exitCode: z
      .int()
      .min(1)
      .max(255)
      .exactOptional()
      .meta({ description: 'Of vmssCSE; 50 (no outbound connection) when not given.', examples: [34, 50, 51, 52] }),
    afterNodes: z.int().min(0).exactOptional().meta({ description: 'Nodes that still succeed; 0 when not given.' }),
  }),
  fault('surgeWithoutQuota', "The cores of the pool's VM family in its region are all used, until cleared.", pool),
  fault('subnetFull', "The pool's subnet has no free address, until cleared.", pool),
  fault('nodesBehind', "In the pool's next roll its nodeImageVersion leads its nodes from the start.", {
    ...pool,
    nodes: z
      .int()
      .min(0)
      .exactOptional()
      .meta({ description: 'Nodes that keep the old image when the roll has ended; 0 when not given.' }),
    seconds: seconds
      .exactOptional()
      .meta({ description: "How long they keep it from then on; until the pool's next roll when not given." }),
  }),
  fault('release', 'A node image comes out.', { when, ...release }),
  fault(
    'kubernetesRelease',
    'A Kubernetes version comes out. With aksAutoUpgrade AKS upgrades clusters on channel patch, stable or rapid to it, in their aksManagedAutoUpgradeSchedule.',
    {
      when,
      version: z.string().regex(/^\d+\.\d+\.\d+$/, { error: 'a Kubernetes version such as 1.35.1' }),
    },
  ),
  fault('releaseDuringRoll', "A node image comes out when the first nodes of the pool's next roll are done.", {
    ...pool,
    ...release,
  }),
  fault('person', '', {
    when,
    does: z.enum(['upgrade', 'rollBack', 'stop', 'start', 'delete', 'recreate']),
    cluster,
    nodePool: nodePool.exactOptional(),
  })
    .refine(({ does, nodePool }) => nodePool !== undefined || (does !== 'upgrade' && does !== 'rollBack'), {
      path: ['nodePool'],
      error: 'the name of the pool to upgrade or roll back',
    })
    .meta({ description: 'A person acts on a pool, or without nodePool on the cluster, whatever the window.' }),
  fault('window', "A person gives the cluster another node OS window, open every day; the pools' images stay.", {
    when,
    cluster,
    opensIn: Duration.exactOptional().meta({
      description: 'How long from then until it opens, before with a minus; it opens at once when not given.',
      examples: ['PT1M', '-PT1H'],
    }),
    durationHours: z.int().min(4).max(24).exactOptional().meta({ description: '4 when not given.' }),
  }),
  fault('clear', 'Ends the faults of a kind, or all; what was taken of quota and addresses is free again.', {
    when,
    of: text.exactOptional(),
  }),
] as const;

export const Fault = z.discriminatedUnion('kind', kinds);
export type Fault = z.infer<typeof Fault>;

export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { readonly kind: Kind }>;
