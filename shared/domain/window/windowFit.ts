// Does a roll fit the window that is open? Called by the window gates, and by plan to mark a start that will overrun.
import { Temporal } from 'temporal-polyfill';
import type { MaintenanceWindow, Occurrence, WindowAt } from './maintenanceWindow.ts';

type OpenWindow = Extract<WindowAt, { readonly state: 'open' }>;

/** Nothing is started this close to either edge of a window: our clock and ARM's differ by less. */
export const edgeSeconds = 60;
export const overrunMinutes = 30;
/** Passes are 5 minutes apart and a queued start lives for 5: a roll that needs an earlier start might never get it. */
const startingMinutes = 15;
const nanosecondsPerMinute = 60e9;

/** `fits`: ends before what is open closes. `overruns`: fits no occurrence, and may start in this one. */
export function fitsWindow(at: OpenWindow, start: Temporal.Instant, estimateMinutes: number) {
  if (minutesBetween(start, at.closesAt) >= estimateMinutes) return 'fits';
  // Past the end of a window is bad enough; never roll into a date that its owner does not allow.
  if (endsEarly(at) || !fitsNoOccurrence(at.occurrence, estimateMinutes)) return 'no';
  return minutesBetween(at.openedAt, start) < overrunMinutes ? 'overruns' : 'no';
}

/** The last moment to begin a roll that fits, or overruns, what is open. */
export function startBy({ openedAt, closesAt }: OpenWindow, estimateMinutes: number, willOverrun?: boolean) {
  if (willOverrun) return openedAt.add({ minutes: overrunMinutes });
  return closesAt.subtract({ seconds: Math.max(edgeSeconds, Math.ceil(estimateMinutes * 60)) });
}

export function fitsNoOccurrence({ opensAt, closesAt }: Occurrence, estimateMinutes: number): boolean {
  return minutesBetween(opensAt, closesAt) - startingMinutes < estimateMinutes;
}

export function endsEarly({ occurrence, closesAt }: OpenWindow): boolean {
  return Temporal.Instant.compare(closesAt, occurrence.closesAt) < 0;
}

export function fitsNoWindow({ durationHours }: MaintenanceWindow, estimateMinutes: number): boolean {
  return durationHours * 60 - startingMinutes < estimateMinutes;
}

export function minutesBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return Number(to.epochNanoseconds - from.epochNanoseconds) / nanosecondsPerMinute;
}
