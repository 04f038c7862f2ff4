// What is noted of events whatever they say: those that could not be used, and when each source was last heard. Called by
// receiveEvent and observeMessage.
import type { Temporal } from 'temporal-polyfill';
import type { EventSource } from '../../domain/evidence/changeEvidence.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { shortened } from '../../domain/text/shortened.ts';
import type { Tables } from '../../ports/tables.ts';
import { deleteParkedBefore, maxParkedADay, park, parkedDays, type Unusable } from '../../stores/parkedStore.ts';
import { noteHeard, precisionOfHeard } from '../../stores/sourcesStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { together } from '../together.ts';

const longestLine = 500;
const maxLines = 3;

export const parkEvent = together(({ tables }: Dependencies) => tables, parkAll);

async function parkAll(dependencies: Dependencies, what: string, unusable: readonly Unusable[]): Promise<void> {
  const { clock, tables, log } = dependencies;
  const now = clock.now();
  const { dropped, isNewDay } = await park(tables, now, unusable);
  for (const { reason } of unusable.slice(0, maxLines)) log.warn(`${what} was parked: ${oneLine(reason)}`);
  if (unusable.length > maxLines) log.warn(`${what} was parked: ${unusable.length - maxLines} more at the same time.`);
  if (dropped > 0) log.warn(`${dropped} of them were counted, not kept: ${maxParkedADay} are kept a day.`);
  if (!isNewDay) return;
  await contained(dependencies, 'What was parked long ago stays', () =>
    deleteParkedBefore(tables, now.subtract({ hours: parkedDays * 24 })),
  );
}

/** What was sent may hold anything, and a line of the log is one line. */
function oneLine(text: string): string {
  return shortened(text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' '), longestLine);
}

export function readProblem(error: unknown): string {
  return oneLine(messageOf(error));
}

type Heard = { readonly at: Temporal.Instant | undefined; readonly isUnread: boolean };

const lastTimes = new WeakMap<Tables, Map<EventSource, number>>();
const noteTogether = together(({ tables }: Dependencies) => tables, noteAll);

/** A time that the row has to the minute already is not written again, nor read. */
export async function hear(dependencies: Dependencies, source: EventSource, heard: Heard): Promise<void> {
  const last = lastTimes.get(dependencies.tables)?.get(source);
  const isNoted = last !== undefined && heard.at && heard.at.epochMilliseconds < last + precisionOfHeard;
  if (!isNoted || heard.isUnread) await noteTogether(dependencies, source, heard);
}

async function noteAll({ clock, tables }: Dependencies, source: string, heard: readonly Heard[]): Promise<void> {
  const newest = heard.flatMap(({ at }) => at?.epochMilliseconds ?? []).reduce((a, b) => Math.max(a, b), -1);
  const at = heard.find((one) => one.at?.epochMilliseconds === newest)?.at;
  const unread = heard.filter(({ isUnread }) => isUnread).length;
  const last = await noteHeard(tables, { source: source as EventSource, at, unread }, clock.now());
  const times = lastTimes.get(tables) ?? new Map<EventSource, number>();
  lastTimes.set(tables, times);
  if (last !== undefined) times.set(source as EventSource, last);
}
