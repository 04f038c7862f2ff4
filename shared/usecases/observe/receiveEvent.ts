// An event that Event Grid delivered -> its cluster is marked to be observed, with evidence of who did it. Called by onClusterEvent.
import type { Temporal } from 'temporal-polyfill';
import { clusterKey, parseClusterId, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import type { ChangeEvidence } from '../../domain/evidence/changeEvidence.ts';
import { believableTimes, isBelievable } from '../../domain/observe/eventTime.ts';
import type { Hint } from '../../domain/observe/observation.ts';
import { show } from '../../domain/text/anyValue.ts';
import type { ReceivedEvent } from '../../ports/events.ts';
import type { Dependencies } from '../dependencies.ts';
import { markCluster } from '../receive/markClusters.ts';
import { hear, parkEvent } from '../receive/noteEvents.ts';

const hints = {
  'microsoft.containerservice.nodepoolrollingstarted': 'rollStarted',
  'microsoft.containerservice.nodepoolrollingsucceeded': 'rollSucceeded',
  'microsoft.containerservice.nodepoolrollingfailed': 'rollFailed',
} as const;

/** AKS's names have 12 characters at most. */
const longestName = 63;

/** These say nothing about nodes, but they are a reason to look at the cluster. */
const otherTypes = new Set([
  'microsoft.containerservice.newkubernetesversionavailable',
  'microsoft.containerservice.clustersupportending',
  'microsoft.containerservice.clustersupportended',
]);

/** Parks what can't be used or believed: delivered again it would be no better. @param raw the event as it was delivered @throws where storage can't be reached */
export async function receiveEvent(dependencies: Dependencies, event: ReceivedEvent, raw: unknown): Promise<void> {
  const now = dependencies.clock.now();
  const read = readEvent(event, dependencies.subscriptions);
  const at = 'at' in event && isBelievable(event.at, now) ? event.at : undefined;
  const unread = 'problem' in read ? read.problem : 'at' in event && !at ? undated(event.at, read) : undefined;
  const evidence = 'evidence' in event && unread === undefined ? withRealStart(event.evidence, now) : undefined;
  const refused = 'clusterId' in read ? await refusal(dependencies, read, at, evidence) : undefined;
  const problem = unread ?? refused;
  if (problem !== undefined) await parkEvent(dependencies, 'An event', { event: raw, reason: problem });
  const isUnread = problem !== undefined || ('evidence' in event && event.evidence.raw !== undefined);
  const source = ('source' in event && event.source) || 'clusterEvents';
  await hear(dependencies, source, { at, isUnread });
}

/** Marks the cluster. The problem, where storage takes no such id or what else it says. */
async function refusal(
  dependencies: Dependencies,
  { clusterId, hint }: Named,
  at: Temporal.Instant | undefined,
  evidence: ChangeEvidence | undefined,
): Promise<string | undefined> {
  const key = clusterKey(clusterId);
  const said = { clusterId, hint: hint && at && { ...hint, at }, evidence };
  const refused = (await markCluster(dependencies, subscriptionOf(key), said)).get(key);
  return refused === undefined ? undefined : `Storage does not take it: ${refused}`;
}

function undated(at: Temporal.Instant, read: EventRead): string {
  const look = 'clusterId' in read ? '; its cluster is looked at all the same' : '';
  return `Its time is ${at.toString()}, and only one ${believableTimes} is believed: it dates nothing${look}.`;
}

/** AKS announces maintenance ahead of its start, and a start of long ago would explain every roll since. */
function withRealStart(evidence: ChangeEvidence, now: Temporal.Instant): ChangeEvidence {
  if (evidence.kind !== 'scheduled' || evidence.startedAt === undefined) return evidence;
  const { startedAt, ...rest } = evidence;
  return isBelievable(startedAt, now) ? evidence : rest;
}

type Named = { readonly clusterId: string; readonly hint?: Omit<Hint, 'at'> };
type EventRead = Named | { readonly problem: string } | { readonly irrelevant: string };

function readEvent(event: ReceivedEvent, subscriptions: readonly string[]): EventRead {
  if ('problem' in event || 'irrelevant' in event) return event;
  if ('evidence' in event) return messageFor(event.evidence.cluster, subscriptions);
  const { type, clusterId, nodePool } = event;
  const kind = hints[type.toLowerCase() as keyof typeof hints];
  if (!kind && !otherTypes.has(type.toLowerCase()))
    return { problem: `The event type ${show(type)} is not one of AKS's.` };
  const message = messageFor(clusterId, subscriptions);
  if ('problem' in message || !kind) return message;
  if (!nodePool) return { problem: 'data.nodePoolName is missing or not text.' };
  if (nodePool.length > longestName) return { problem: `data.nodePoolName: ${show(nodePool)} is no pool's name.` };
  return { ...message, hint: { kind, nodePool } };
}

function messageFor(clusterId: string, subscriptions: readonly string[]) {
  const name = parseClusterId(clusterId);
  if (!name) return { problem: `Its source ${show(clusterId)} is not the ARM id of a managed cluster.` };
  if (!subscriptions.includes(name.subscription.toLowerCase())) {
    return { problem: `Subscription ${show(name.subscription)} is not in SUBSCRIPTION_IDS.` };
  }
  return { clusterId };
}
