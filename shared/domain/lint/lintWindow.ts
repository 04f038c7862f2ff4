// What is odd about a maintenance window, for its owner (AKS-FACTS section 2). Called by the windows API and lintPolicy.
import type { Temporal } from 'temporal-polyfill';
import { formatDay } from '../window/calendarDay.ts';
import * as windows from '../window/maintenanceWindow.ts';
import { fitsNoWindow } from '../window/windowFit.ts';
import { lintOffset } from './lintOffset.ts';
import type { WindowWarning } from './windowWarning.ts';

export type WindowSurroundings = {
  readonly timeZone?: string | undefined;
  readonly rollMinutes?: readonly number[];
  /** In the subscription, itself included. */
  readonly clustersWithSameWindow?: number;
};

/** ARM accepts no shorter window. */
const askedHours = 4;

/** AKS gives a subscription 60 requests at once, then one a second; a start takes about six (AKS-FACTS section 5). */
const manyClusters = 10;

const lookAheadDays = 366;

export function lintWindow(
  window: windows.MaintenanceWindow,
  now: Temporal.Instant,
  { timeZone, rollMinutes = [], clustersWithSameWindow = 1 }: WindowSurroundings = {},
): readonly WindowWarning[] {
  return [
    ...lintBlocked(window, now),
    ...lintStart(window, now),
    ...lintInterval(window),
    ...lintFit(window, rollMinutes),
    ...lintCuts(window, now),
    ...lintShortMonths(window),
    ...(timeZone === undefined ? [] : lintOffset(window, now, timeZone)),
    ...lintSharing(clustersWithSameWindow),
  ];
}

export function lintMissingWindow(others: readonly string[]): readonly WindowWarning[] {
  if (others.length === 0) return [];
  const message = `Only ${others.join(' and ')} ${others.length === 1 ? 'is' : 'are'} configured; node images are upgraded in aksManagedNodeOSUpgradeSchedule alone, so configure that.`;
  return [{ code: 'noNodeOsWindow', path: '', message }];
}

function lintBlocked(window: windows.MaintenanceWindow, now: Temporal.Instant): readonly WindowWarning[] {
  const at = windows.windowAt(window, now);
  const from = at.state === 'open' ? at.occurrence.closesAt : now;
  const until = from.add({ hours: lookAheadDays * 24 });
  const [first] = windows.occurrencesBetween(window, from, until);
  const next = windows.nextOpening(window, now);
  if (!first || (next && next.epochMilliseconds < until.epochMilliseconds)) return [];
  const end = next ? `until the window opens at ${next.toString()}` : 'for ever';
  const message = `notAllowedDates block every occurrence from ${first.opensAt.toString()} on, ${end}.`;
  return [{ code: 'allBlocked', path: 'notAllowedDates', message }];
}

function lintStart(window: windows.MaintenanceWindow, now: Temporal.Instant): readonly WindowWarning[] {
  if (window.startDate === undefined) return [];
  const today = Math.floor((now.epochMilliseconds / 60_000 + window.utcOffsetMinutes) / (24 * 60));
  if (window.startDate <= today) return [];
  const opening = windows.nextOpening(window, now);
  const first = opening ? `the window first opens at ${opening.toString()}` : 'the window never opens';
  const message = `startDate is ${formatDay(window.startDate)}, which is in the future; ${first}.`;
  return [{ code: 'startsInFuture', path: 'startDate', message }];
}

const months = ['intervalMonths', "months from startDate's"] as const;
const intervals = {
  daily: ['intervalDays', 'days from startDate'],
  weekly: ['intervalWeeks', 'weeks from the Sunday on or before startDate'],
  absoluteMonthly: months,
  relativeMonthly: months,
} as const;

function lintInterval({ reading, schedule: { kind, interval } }: windows.MaintenanceWindow): readonly WindowWarning[] {
  if (reading === 'documented') return [];
  const [field, counted] = intervals[kind];
  const path = `schedule.${kind}.${field}`;
  const message = `${path} is ${interval}; AKS does not document how it counts intervals. They are taken as ${counted}, as RFC 5545 counts; an interval of 1 leaves no doubt.`;
  return [{ code: 'undocumentedInterval', path, message }];
}

function lintShortMonths({ schedule }: windows.MaintenanceWindow): readonly WindowWarning[] {
  if (schedule.kind !== 'absoluteMonthly' || schedule.dayOfMonth < 29) return [];
  const message = `Not every month has a day ${schedule.dayOfMonth}, and AKS does not document what it does then. Such months are taken as skipped; a day up to 28, or a relativeMonthly schedule with Last, leaves no doubt.`;
  return [{ code: 'skipsShortMonths', path: 'schedule.absoluteMonthly.dayOfMonth', message }];
}

function lintFit(window: windows.MaintenanceWindow, rollMinutes: readonly number[]): readonly WindowWarning[] {
  if (rollMinutes.length === 0 || rollMinutes.some((minutes) => !fitsNoWindow(window, minutes))) return [];
  const message = `durationHours is ${window.durationHours}; no pool of the cluster is sure to roll in that time. The quickest takes about ${Math.min(...rollMinutes)} minutes: lengthen the window, raise maxSurge (maxUnavailable where that is 0), or shorten the node soak.`;
  return [{ code: 'noPoolFits', path: 'durationHours', message }];
}

function lintCuts(window: windows.MaintenanceWindow, now: Temporal.Instant): readonly WindowWarning[] {
  if (window.notAllowedDates.length === 0) return [];
  for (const occurrence of windows.occurrencesBetween(window, now, now.add({ hours: lookAheadDays * 24 }))) {
    const blocked = windows.blockedParts(window, occurrence).reduce((sum, part) => sum + hoursOf(part), 0);
    const left = hoursOf(occurrence) - blocked;
    if (left === 0 || left >= askedHours) continue;
    const message = `notAllowedDates leave ${hours(left)} of the occurrence that opens at ${occurrence.opensAt.toString()}; AKS asks for ${askedHours} hours or more.`;
    return [{ code: 'cutShort', path: 'notAllowedDates', message }];
  }
  return [];
}

function lintSharing(clusters: number): readonly WindowWarning[] {
  if (clusters < manyClusters) return [];
  const message = `${clusters} clusters of the subscription have this window. AKS throttles requests by subscription, so upgrades that start together can fail; stagger the windows.`;
  return [{ code: 'sameWindow', path: '', message }];
}

function hoursOf({ opensAt, closesAt }: windows.Occurrence): number {
  return (closesAt.epochMilliseconds - opensAt.epochMilliseconds) / 3_600_000;
}

function hours(count: number): string {
  return count <= 1 ? `${Math.round(count * 60)} minutes` : `${Number(count.toFixed(1))} hours`;
}
