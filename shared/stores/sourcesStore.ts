// When each source of events was last heard, so that one that is off or has gone silent can be told: rows of Evidence.
import { Temporal } from 'temporal-polyfill';
import { type EventSource, eventSources } from '../domain/changeEvidence.ts';
import type { Tables } from '../ports.ts';

export type HeardSource = {
  /** ISO; the time of its newest event, to the minute or so. Absent: no event of it had a time. */
  readonly lastEventAt?: string;
  /** About how many of its events were not, or not wholly, understood; each is kept, in Parked or with its evidence. */
  readonly notUnderstood: number;
};

const partition = 'sources';
const tries = 8;
/** An event that is newer by less says nothing new: a busy subscription sends many a second. */
const precision = { seconds: 60 };

/** Notes that an event came. `at`: its time; `isUnread`: something in it was not understood. */
export async function noteHeard(
  tables: Tables,
  event: { readonly source: EventSource; readonly at: Temporal.Instant | undefined; readonly isUnread: boolean },
): Promise<void> {
  for (let tried = 0; tried < tries; tried += 1) {
    const row = await tables.get('Evidence', partition, event.source);
    const known = (row?.value as HeardSource | undefined) ?? { notUnderstood: 0 };
    const value: HeardSource = {
      ...known,
      ...(isNews(known, event.at) && { lastEventAt: event.at?.toString() ?? '' }),
      notUnderstood: known.notUnderstood + (event.isUnread ? 1 : 0),
    };
    if (row && value.lastEventAt === known.lastEventAt && !event.isUnread) return;
    const change = row
      ? ({ kind: 'replace', rowKey: event.source, value, etag: row.etag } as const)
      : ({ kind: 'insert', rowKey: event.source, value } as const);
    if ((await tables.write('Evidence', partition, [change])) === 'written') return;
  }
  // Others heard the same source meanwhile: what is lost is a count, and seconds of a time.
}

function isNews({ lastEventAt }: HeardSource, at: Temporal.Instant | undefined): boolean {
  if (!at) return false;
  return (
    lastEventAt === undefined || Temporal.Instant.compare(Temporal.Instant.from(lastEventAt).add(precision), at) <= 0
  );
}

/** Every source; undefined: never heard. */
export async function readSources(tables: Tables): Promise<Readonly<Record<EventSource, HeardSource | undefined>>> {
  const heard = new Map<string, HeardSource>();
  for await (const { rowKey, value } of tables.query('Evidence', partition)) heard.set(rowKey, value as HeardSource);
  return {
    clusterEvents: heard.get('clusterEvents'),
    resourceEvents: heard.get('resourceEvents'),
    scheduledEvents: heard.get('scheduledEvents'),
  };
}

/** When each source was last heard: ISO, or `never heard`. */
export async function lastHeard(tables: Tables): Promise<Readonly<Record<EventSource, string>>> {
  const heard = await readSources(tables);
  const told = eventSources.map((source) => [source, heard[source]?.lastEventAt ?? 'never heard'] as const);
  return Object.fromEntries(told) as Record<EventSource, string>;
}
