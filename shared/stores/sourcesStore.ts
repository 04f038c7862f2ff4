// When each source of events was last heard, so that one that is off or has gone silent can be told: rows of Evidence.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type EventSource, eventSources } from '../domain/evidence/changeEvidence.ts';
import { storedTime } from '../domain/observe/eventTime.ts';
import type { Row, Tables } from '../ports/tables.ts';
import { valueIfRead } from './rows/readRow.ts';
import { replaceRow } from './rows/replaceRow.ts';

type HeardSource = {
  /** ISO; the time of its newest event, to the minute or so. Absent: no event of it had a time. */
  readonly lastEventAt?: string | undefined;
  /** About how many of its events were not, or not wholly, understood; each is kept, in Parked or with its evidence. */
  readonly notUnderstood: number;
};

const Heard = z.looseObject({ lastEventAt: z.unknown().optional(), notUnderstood: z.number().min(0).catch(0) });
const heardRows = { table: 'Evidence', schema: Heard } as const;

const partition = 'sources';
const tries = 8;
/** An event that is newer by less says nothing new: a busy subscription sends many a second. */
export const precisionOfHeard = 60_000;

/** Notes that events came. `at`: the newest time that is believed; `unread`: of how many something was not understood. @returns the time that the row has now */
export async function noteHeard(
  tables: Tables,
  heard: { readonly source: EventSource; readonly at: Temporal.Instant | undefined; readonly unread: number },
  now: Temporal.Instant,
): Promise<number | undefined> {
  const { source, at, unread } = heard;
  let noted: string | undefined;
  const note = (row: Row | undefined): HeardSource | undefined => {
    const { lastEventAt: last, notUnderstood } = heardIn(row, now);
    const isNews = at && (last === undefined || Date.parse(last) + precisionOfHeard <= at.epochMilliseconds);
    noted = isNews ? at.toString() : last;
    return row && !isNews && unread === 0 ? undefined : { lastEventAt: noted, notUnderstood: notUnderstood + unread };
  };
  // Where others hear the same source all the time, a count is lost, and seconds of a time.
  await replaceRow(tables, ['Evidence', partition, source], note, tries);
  return noted === undefined ? undefined : Date.parse(noted);
}

/** A row that can't be read says nothing. A time that can be none, which earlier versions stored, is not there. */
function heardIn(row: Row | undefined, now: Temporal.Instant): HeardSource {
  const { lastEventAt, notUnderstood = 0 } = valueIfRead(heardRows, row) ?? {};
  return { lastEventAt: storedTime(lastEventAt, now)?.toString(), notUnderstood };
}

/** Of every source; undefined: never heard. */
export async function readSources(tables: Tables, now: Temporal.Instant) {
  const rows = await Promise.all(eventSources.map((source) => tables.get('Evidence', partition, source)));
  const [clusterEvents, resourceEvents, scheduledEvents] = rows.map((row) => row && heardIn(row, now));
  return { clusterEvents, resourceEvents, scheduledEvents } satisfies Record<EventSource, unknown>;
}

export async function lastHeard(tables: Tables, now: Temporal.Instant): Promise<Readonly<Record<EventSource, string>>> {
  const { clusterEvents, resourceEvents, scheduledEvents } = await readSources(tables, now);
  const told = (heard: HeardSource | undefined) => heard?.lastEventAt ?? 'never heard';
  return {
    clusterEvents: told(clusterEvents),
    resourceEvents: told(resourceEvents),
    scheduledEvents: told(scheduledEvents),
  };
}
