// Where a window's fixed offset and its owner's time zone differ: AKS follows no daylight saving (AKS#4670). Called by lintWindow.
import type { Temporal } from 'temporal-polyfill';
import type { MaintenanceWindow } from '../window/maintenanceWindow.ts';
import type { WindowWarning } from './windowWarning.ts';

/** An offset that is the zone's in no season says nothing: the owner may live elsewhere. @param timeZone one that Temporal knows */
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
  const amount = Math.abs(minutes) === 60 ? 'an hour' : `${Math.abs(minutes)} minutes`;
  const shift = `${amount} ${minutes > 0 ? 'later' : 'earlier'}`;
  const change = after.toInstant().toString();
  const when = isRightNow ? `From ${change} on` : `Until ${change}`;
  const message = `utcOffset does not follow daylight saving. ${when} the window opens ${shift} by the clocks of ${before.timeZoneId} than startTime says.`;
  return [{ code: 'offsetOfOtherSeason', path: 'utcOffset', message }];
}

function minutesOf({ offsetNanoseconds }: Temporal.ZonedDateTime): number {
  return offsetNanoseconds / 60e9;
}
