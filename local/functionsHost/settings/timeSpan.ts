// .NET's time spans, as host.json and log lines have them. Used by hostJson.ts, invoke.ts and retryPolicy.ts.
import { z } from 'zod';

/** A .NET TimeSpan, `[days.]hh:mm:ss[.fraction]`, in milliseconds. */
export const timeSpan = z
  .string()
  .regex(/^(?:\d+\.)?\d\d:[0-5]\d:[0-5]\d(?:\.\d{1,7})?$/, 'expected a time span such as "00:00:30" (hh:mm:ss)')
  .transform((text) => {
    const [, days, hours, minutes, seconds] = /^(?:(\d+)\.)?(\d\d):(\d\d):([\d.]+)$/.exec(text) ?? [];
    return (((Number(days ?? 0) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  });

export function formatTimeSpan(milliseconds: number): string {
  const days = Math.floor(milliseconds / 86_400_000);
  const clock = new Date(milliseconds).toISOString().slice(11, 19);
  const fraction = Math.round((milliseconds % 1000) * 10_000);
  return `${days > 0 ? `${days}.` : ''}${clock}${fraction > 0 ? `.${String(fraction).padStart(7, '0')}` : ''}`;
}
