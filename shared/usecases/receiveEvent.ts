// An event that Event Grid delivered -> a message to observe its cluster; what says who did something is kept as evidence.
// Called by onClusterEvent.
import { parseClusterId } from '../domain/cluster.ts';
import type { ReceivedEvent } from '../ports.ts';
import { keepEvidence } from '../stores/evidenceStore.ts';
import { park } from '../stores/parkedStore.ts';
import { noteHeard } from '../stores/sourcesStore.ts';
import type { Dependencies } from './dependencies.ts';
import type { ObserveMessage } from './messages.ts';

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

/**
 * The message for an event of a cluster of ours. An event that can't be used (malformed, of another type, of another
 * subscription) is parked with its reason and acknowledged: sending it again would not make it better.
 * @param raw the event as delivered, for the parking table
 */
export async function receiveEvent(
  { clock, tables, log, subscriptions }: Pick<Dependencies, 'clock' | 'tables' | 'log' | 'subscriptions'>,
  event: ReceivedEvent,
  raw: unknown,
): Promise<ObserveMessage | undefined> {
  const read = readEvent(event, subscriptions);
  if ('problem' in read) {
    await park(tables, clock.now(), raw, read.problem);
    log.warn(`An event was parked: ${read.problem}`);
  }
  if ('evidence' in event && !('problem' in read)) await keepEvidence(tables, event.evidence);
  await noteHeard(tables, {
    source: 'source' in event && event.source ? event.source : 'clusterEvents',
    at: 'at' in event ? event.at : undefined,
    isUnread: 'problem' in read || ('evidence' in event && event.evidence.raw !== undefined),
  });
  return 'clusterId' in read ? read : undefined;
}

type Read = ObserveMessage | { readonly problem: string } | { readonly irrelevant: string };

function readEvent(event: ReceivedEvent, subscriptions: readonly string[]): Read {
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

function messageFor(
  clusterId: string,
  subscriptions: readonly string[],
): ObserveMessage | { readonly problem: string } {
  const name = parseClusterId(clusterId);
  if (!name) return { problem: `Its source "${clusterId}" is not the ARM id of a managed cluster.` };
  if (!subscriptions.includes(name.subscription.toLowerCase())) {
    return { problem: `Subscription ${name.subscription} is not in SUBSCRIPTION_IDS.` };
  }
  return { clusterId };
}
