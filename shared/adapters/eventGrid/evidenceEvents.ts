// Events that say who did something to a cluster; their data is messy (AKS-FACTS section 6). Called by eventGrid.ts.
import type { EventSource, OperationEvidence, ScheduledEvidence } from '../../domain/evidence/changeEvidence.ts';
import { type Fields, show } from '../../domain/text/anyValue.ts';
import { shortened } from '../../domain/text/shortened.ts';
import type { ReceivedEvent } from '../../ports/events.ts';
import { actorOf } from './actorOf.ts';
import { fieldOf, instantOf, objectOf, textOf, wordsOf } from './looseJson.ts';

const resourceEvent = /^Microsoft\.Resources\.Resource(?:Action|Write|Delete)(?<status>Success|Failure|Cancel)$/i;
const scheduledEvent =
  /^Microsoft\.ResourceNotifications\.(?:ContainerServiceEventResources|MaintenanceResources)\.ScheduledEventEmitted$/i;
const clusterPattern =
  /(?<cluster>\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+)(?:\/agentPools\/(?<nodePool>[^/]+))?/i;
/** Handing out credentials changes nothing, and happens all the time. */
const readingAction = /\/(?:list|get)[a-z]*\/action$/i;

const maxRaw = 8_000;
const longestId = 500;
const longestDetails = 2_000;

export function evidenceSourceOf(type: string): EventSource | undefined {
  if (resourceEvent.test(type)) return 'resourceEvents';
  return scheduledEvent.test(type) ? 'scheduledEvents' : undefined;
}

export function readEvidenceEvent(raw: Fields, type: string, source: EventSource): ReceivedEvent {
  const id = textOf(raw['id']);
  const time = instantOf(raw['eventTime'] ?? raw['time']);
  if (!id) return { source, problem: 'It has no id.' };
  if (id.length > longestId) return { source, problem: `Its id has ${id.length} characters, more than ${longestId}.` };
  if (!time) return { source, problem: 'Its time is missing or no time (eventTime or time).' };
  const data = objectOf(raw['data']) ?? {};
  const subject = textOf(raw['subject']);
  const read = source === 'resourceEvents' ? readOperation(type, data, subject) : readScheduled(id, data, subject);
  if ('irrelevant' in read) return { source, at: time, ...read };
  return { source, at: time, evidence: { id, at: time, ...read } };
}

type Read<T> = Omit<T, 'id' | 'at'> | { readonly irrelevant: string };

function readOperation(type: string, data: Fields, subject: string | undefined): Read<OperationEvidence> {
  const authorization = objectOf(data['authorization']) ?? {};
  const uri = [data['resourceUri'], data['resourceId'], authorization['scope'], subject].map(textOf).find(Boolean);
  const operation =
    textOf(data['operationName']) ?? textOf(fieldOf(data['operationName'], 'value')) ?? textOf(authorization['action']);
  const found = clusterOf(uri);
  if (!found) return { irrelevant: `It is of ${show(uri ?? 'no resource')}, which is not of a managed cluster.` };
  if (operation && readingAction.test(operation)) return { irrelevant: `${show(operation)} changes nothing.` };
  const actor = actorOf(data);
  const status = resourceEvent.exec(type)?.groups?.['status']?.toLowerCase();
  return {
    kind: 'operation',
    ...found,
    operation: shortened(operation ?? '', longestId),
    status: status === 'success' ? 'succeeded' : status === 'failure' ? 'failed' : 'canceled',
    actor,
    raw: actor && operation ? undefined : rawOf(data),
  };
}

function readScheduled(id: string, data: Fields, subject: string | undefined): Read<ScheduledEvidence> {
  const info = objectOf(data['resourceInfo']) ?? objectOf(data['resourceDetails']) ?? {};
  const properties = objectOf(info['properties']) ?? {};
  const resources = fieldOf(properties, 'resources');
  const ids = [...(Array.isArray(resources) ? resources : [resources]), info['id'], subject];
  const found = ids.map((one) => clusterOf(textOf(one))).find(Boolean);
  if (!found) return { irrelevant: `It is of ${show(subject ?? 'no resource')}, which is not of a managed cluster.` };
  const text = (name: string) => textOf(fieldOf(properties, name));
  const details = wordsOf(detailsOf(fieldOf(properties, 'eventDetails')) ?? text('description'), longestDetails);
  const startedAt = instantOf(fieldOf(properties, 'startTime'));
  const status = statusOf(text('eventStatus'));
  const about = aboutOf(text('eventSource'), [text('description'), details]);
  const isClear = status !== 'unknown' && about !== 'upgrade';
  const eventId = shortened(text('eventId') ?? textOf(info['name']) ?? id, longestId);
  const raw = isClear ? undefined : rawOf(data);
  return { kind: 'scheduled', cluster: found.cluster, eventId, status, about, startedAt, details, raw };
}

function clusterOf(id: string | undefined) {
  const { cluster, nodePool } = clusterPattern.exec(id ?? '')?.groups ?? {};
  return cluster === undefined ? undefined : { cluster, nodePool: wordsOf(nodePool, 100) };
}

/** Spelled with one l or two, and in many words for what is under way. */
function statusOf(status: string | undefined): ScheduledEvidence['status'] {
  const word = status?.toLowerCase().replaceAll(/[^a-z]/g, '') ?? '';
  if (/^cancell?ed$/.test(word)) return 'canceled';
  if (/^(started|initiated|inprogress)$/.test(word)) return 'started';
  if (/^(completed|succeeded)$/.test(word)) return 'completed';
  return word === 'scheduled' || word === 'failed' ? word : 'unknown';
}

/** AutoUpgrader, AutoUprader: however it is spelled, no other source of AKS's upgrades anything. EOLNotification warns. */
function aboutOf(source: string | undefined, said: readonly (string | undefined)[]): ScheduledEvidence['about'] {
  if (!/^auto[\s_-]*up/i.test(source ?? '')) return 'other';
  // The description may be the kind in one word, NodeOSUpgrade, beside a sentence of details that names none, or another.
  return said.map((words) => kindIn(words ?? '')).find((kind) => kind !== undefined) ?? 'upgrade';
}

function kindIn(words: string): 'nodeImage' | 'kubernetes' | undefined {
  if (/vhd|node[\s_-]*(os|image)|security[\s_-]*patch/i.test(words)) return 'nodeImage';
  return /kubernetes|k8s|control[\s_-]*plane/i.test(words) ? 'kubernetes' : undefined;
}

function detailsOf(details: unknown): string | undefined {
  if (typeof details === 'string') return details.trim() || undefined;
  if (typeof details !== 'object' || details === null) return undefined;
  return textOf(fieldOf(details, 'message')) ?? textOf(fieldOf(details, 'description')) ?? JSON.stringify(details);
}

function rawOf(data: unknown): unknown {
  const text = JSON.stringify(data);
  if (text.length <= maxRaw && text.isWellFormed()) return data;
  return `${text.slice(0, maxRaw).toWellFormed()}… (${text.length} characters)`;
}
