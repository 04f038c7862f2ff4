// An event that Event Grid delivered -> a message to observe its cluster, and evidence of who did it. Called by onClusterEvent.
import type { Temporal } from 'temporal-polyfill';
import { parseClusterId } from '../../domain/cluster/clusterId.ts';
import type { ChangeEvidence } from '../../domain/observe/changeEvidence.ts';
import { believableTimes, isBelievable } from '../../domain/observe/eventTime.ts';
import type { ReceivedEvent } from '../../ports/events.ts';
import { keepEvidence } from '../../stores/evidenceStore.ts';
import { park } from '../../stores/parkedStore.ts';
import { noteHeard } from '../../stores/sourcesStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ObserveMessage } from '../messages.ts';

const hints = {
  'microsoft.containerservice.nodepoolrollingstarted': 'rollStarted',
  'microsoft.containerservice.nodepoolrollingsucceeded': 'rollSucceeded',
  'microsoft.containerservice.nodepoolrollingfailed': 'rollFailed',
} as const;

/** These say nothing about nodes, but they are a reason to look at the cluster. */
const otherTypes = new Set([
  'microsoft.containerservice.newkubernetesversionavailable',
  'microsoft.containerservice.clustersupportending',
  'microsoft.containerservice.clustersupportended',
]);

/** Parks what can't be used or believed: delivered again it would be no better. @param raw the event as it was delivered */
export async function receiveEvent(
  { clock, tables, log, subscriptions }: Dependencies,
  event: ReceivedEvent,
  raw: unknown,
): Promise<ObserveMessage | undefined> {
  const now = clock.now();
  const read = readEvent(event, subscriptions);
  const at = 'at' in event && isBelievable(event.at, now) ? event.at : undefined;
  const problem = 'problem' in read ? read.problem : 'at' in event && !at ? undated(event.at, read) : undefined;
  if (problem !== undefined) {
    await park(tables, now, raw, problem);
    log.warn(`An event was parked: ${problem}`);
  }
  if ('evidence' in event && problem === undefined) await keepEvidence(tables, withRealStart(event.evidence, now));
  const isUnread = problem !== undefined || ('evidence' in event && event.evidence.raw !== undefined);
  const source = ('source' in event && event.source) || 'clusterEvents';
  await noteHeard(tables, { source, at, isUnread }, now);
  if (!('clusterId' in read)) return undefined;
  return at ? read : { clusterId: read.clusterId };
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

type EventRead = ObserveMessage | { readonly problem: string } | { readonly irrelevant: string };

function readEvent(event: ReceivedEvent, subscriptions: readonly string[]): EventRead {
  if ('problem' in event || 'irrelevant' in event) return event;
  if ('evidence' in event) return messageFor(event.evidence.cluster, subscriptions);
  const { type, clusterId, nodePool, at } = event;
  const kind = hints[type.toLowerCase() as keyof typeof hints];
  if (!kind && !otherTypes.has(type.toLowerCase())) return { problem: `The event type "${type}" is not one of AKS's.` };
  const message = messageFor(clusterId, subscriptions);
  if ('problem' in message || !kind) return message;
  if (!nodePool) return { problem: 'data.nodePoolName is missing or not text.' };
  return { clusterId, hint: { kind, nodePool, at: at.toString() } };
}

function messageFor(clusterId: string, subscriptions: readonly string[]) {
  const name = parseClusterId(clusterId);
  if (!name) return { problem: `Its source "${clusterId}" is not the ARM id of a managed cluster.` };
  if (!subscriptions.includes(name.subscription.toLowerCase())) {
    return { problem: `Subscription ${name.subscription} is not in SUBSCRIPTION_IDS.` };
  }
  return { clusterId };
}
