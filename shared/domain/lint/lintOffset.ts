// Where a window's fixed offset and its owner's time zone part: AKS follows no daylight saving (AKS#4670). Called by lintWindow.
import type { Temporal } from 'temporal-polyfill';
import type { MaintenanceWindow } from '../window/maintenanceWindow.ts';
import type { WindowWarning } from './windowWarning.ts';

/**
 * Warns when the window's offset is the zone's up to its next change of offset, or only after it: in the other season the
 * window opens an hour (or whatever the change is) off the local time that its owner has in mind. An offset
 * that is the zone's in neither season says nothing: the owner may well live elsewhere.
 * @param timeZone a name that Temporal knows
 */
export function lintOffset(
  window: MaintenanceWindow,
  now: Temporal.Instant,
  timeZone: string,
): readonly WindowWarning[] {
  const before = now.toZonedDateTimeISO(timeZone);
  const after = before.getTimeZoneTransition('next');
  if (!after) return [];
  const isRightNow = minutesOf(before) === window.utcOffsetMinutes;
  if (!isRightNow && minutesOf(after) !== window.utcOffsetMinutes) return [];
  const minutes = minutesOf(isRightNow ? after : before) - window.utcOffsetMinutes;
  const shift = `${amount(Math.abs(minutes))} ${minutes > 0 ? 'later' : 'earlier'}`;
  const change = after.toInstant().toString();
  const when = isRightNow ? `From ${change} on` : `Until ${change}`;
  const message = `utcOffset does not follow daylight saving. ${when} the window opens ${shift} by the clocks of ${before.timeZoneId} than startTime says.`;
  return [{ code: 'offsetOfOtherSeason', path: 'utcOffset', message }];
}

function minutesOf({ offsetNanoseconds }: Temporal.ZonedDateTime): number {
  return offsetNanoseconds / 60e9;
}

function amount(minutes: number): string {
  return minutes === 60 ? 'an hour' : `${minutes} minutes`;
}
