// When each source of events was last heard, so that one that is off or has gone silent can be told: rows of Evidence.
import type { Temporal } from 'temporal-polyfill';
import { type EventSource, eventSources } from '../domain/observe/changeEvidence.ts';
import { storedTime } from '../domain/observe/eventTime.ts';
import type { Row, Tables } from '../ports/tables.ts';

export type HeardSource = {
  /** ISO; the time of its newest event, to the minute or so. Absent: no event of it had a time. */
  readonly lastEventAt?: string;
  /** About how many of its events were not, or not wholly, understood; each is kept, in Parked or with its evidence. */
  readonly notUnderstood: number;
};

const partition = 'sources';
const tries = 8;
/** An event that is newer by less says nothing new: a busy subscription sends many a second. */
const precision = 60_000;

/** Notes that an event came. `at`: its time, where that is believed; `isUnread`: something in it was not understood. */
export async function noteHeard(
  tables: Tables,
  event: { readonly source: EventSource; readonly at: Temporal.Instant | undefined; readonly isUnread: boolean },
  now: Temporal.Instant,
): Promise<void> {
  for (let tried = 0; tried < tries; tried += 1) {
    const row = await tables.get('Evidence', partition, event.source);
    const known = heardIn(row, now) ?? { notUnderstood: 0 };
    const value: HeardSource = {
      ...known,
      ...(event.at && isNews(known, event.at) && { lastEventAt: event.at.toString() }),
      notUnderstood: known.notUnderstood + (event.isUnread ? 1 : 0),
    };
    if (row && value.lastEventAt === known.lastEventAt && !event.isUnread) return;
    // A row that can't be read is written anew: it says nothing, and would fail every event of its source.
    const change = row
      ? ({ kind: 'replace', rowKey: event.source, value, etag: row.etag } as const)
      : ({ kind: 'insert', rowKey: event.source, value } as const);
    if ((await tables.write('Evidence', partition, [change])) === 'written') return;
  }
  // Others heard the same source meanwhile: what is lost is a count, and seconds of a time.
}

/** What a row tells. A time that can be none, which earlier versions stored, is not there: the next event brings a real one. */
function heardIn(row: Row | undefined, now: Temporal.Instant): HeardSource | undefined {
  if (row === undefined) return undefined;
  const { lastEventAt, notUnderstood } = (row.value ?? {}) as Partial<Record<keyof HeardSource, unknown>>;
  const at = storedTime(lastEventAt, now);
  return {
    ...(at && { lastEventAt: at.toString() }),
    notUnderstood: typeof notUnderstood === 'number' && notUnderstood > 0 ? notUnderstood : 0,
  };
}

function isNews({ lastEventAt }: HeardSource, at: Temporal.Instant): boolean {
  return lastEventAt === undefined || Date.parse(lastEventAt) + precision <= at.epochMilliseconds;
}

/** Every source; undefined: never heard. */
export async function readSources(
  tables: Tables,
  now: Temporal.Instant,
): Promise<Readonly<Record<EventSource, HeardSource | undefined>>> {
  const heard = async (source: EventSource) =>
    [source, heardIn(await tables.get('Evidence', partition, source), now)] as const;
  return Object.fromEntries(await Promise.all(eventSources.map(heard))) as Record<EventSource, HeardSource | undefined>;
}

/** When each source was last heard: ISO, or `never heard`. */
export async function lastHeard(tables: Tables, now: Temporal.Instant): Promise<Readonly<Record<EventSource, string>>> {
  const heard = await readSources(tables, now);
  const told = eventSources.map((source) => [source, heard[source]?.lastEventAt ?? 'never heard'] as const);
  return Object.fromEntries(told) as Record<EventSource, string>;
}
