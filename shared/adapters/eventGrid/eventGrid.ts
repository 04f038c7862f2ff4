// Events as Event Grid delivers them, in either schema, read with @azure/eventgrid: the only place where it appears.
import { Temporal } from 'temporal-polyfill';
import { type Fields, isObject, show } from '../../domain/text/anyValue.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { shallow } from '../../domain/text/shallow.ts';
import { shortened } from '../../domain/text/shortened.ts';
import type { ReceivedEvent } from '../../ports/events.ts';
import { evidenceSourceOf, readEvidenceEvent } from './evidenceEvents.ts';

/** Event Grid schema: topic and eventType; CloudEvents 1.0: source and type. Never throws. */
export async function readEvent(delivered: unknown): Promise<ReceivedEvent> {
  const raw = shallow(delivered);
  if (!isObject(raw)) return { problem: `${neither}: it is ${show(raw)}.` };
  const type = typeOf(raw);
  const source = evidenceSourceOf(type);
  // The SDK reshapes the data of these by a schema that they don't follow.
  if (source) return readEvidenceEvent(raw, type, source);
  try {
    const { EventGridDeserializer } = await import('@azure/eventgrid');
    const deserializer = new EventGridDeserializer();
    if ('specversion' in raw) {
      const [event] = await deserializer.deserializeCloudEvents(raw);
      return event ? toReceived(event.type, event.source, event.time, event.data) : empty;
    }
    const [event] = await deserializer.deserializeEventGridEvents(raw);
    return event ? toReceived(event.eventType, event.topic, event.eventTime, event.data) : empty;
  } catch (error) {
    return { problem: `${neither}: ${shortened(messageOf(error), longestProblem)}` };
  }
}

function typeOf({ eventType, type }: Fields): string {
  return [eventType, type].find((one) => typeof one === 'string') ?? '';
}

const neither = 'It is neither an Event Grid event nor a CloudEvent';
const longestProblem = 300;
const empty: ReceivedEvent = { problem: 'It is empty.' };

function toReceived(type: string, clusterId: string | undefined, time: Date | undefined, data: unknown): ReceivedEvent {
  if (!clusterId) return { problem: 'It names no cluster (topic or source).' };
  const at = time?.getTime() ?? Number.NaN;
  if (Number.isNaN(at)) return { problem: 'Its time is missing or no time (eventTime or time).' };
  const nodePool = (data as { nodePoolName?: unknown } | null | undefined)?.nodePoolName;
  const named = typeof nodePool === 'string' ? { nodePool } : {};
  return { type, clusterId, at: Temporal.Instant.fromEpochMilliseconds(at), ...named };
}
