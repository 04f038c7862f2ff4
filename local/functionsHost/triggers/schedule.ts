// NCRONTAB schedules, as timer triggers have them: when they fire next, in UTC.
import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';

export type Schedule = {
  readonly expression: string;
  readonly next: (after: Temporal.Instant) => Temporal.Instant;
};

const fieldNames = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)\b/gi;

/** NCRONTAB of six fields, or of five (without seconds); a day has to satisfy both its fields. @throws when it never fires */
export function parseSchedule(expression: string): Schedule {
  if (/^(?:\d+\.)?\d+:\d\d(?::\d\d)?$/.test(expression)) {
    throw new Error(
      `the schedule "${expression}" is a time span, which Azure takes on App Service plans only. Write it as NCRONTAB, e.g. "0 */5 * * * *" for every 5 minutes.`,
    );
  }
  // croner knows more than NCRONTAB (nicknames, L, W, #, ?): what Azure would refuse is refused here too.
  const known = /^[\d\s*,/-]*$/.test(expression.replace(fieldNames, ''));
  const cron = known ? parseCron(expression) : undefined;
  if (!cron) {
    throw new Error(
      `the schedule "${expression}" is not NCRONTAB. Expected {second} {minute} {hour} {day} {month} {day of week}, e.g. "0 */5 * * * *" for every 5 minutes.`,
    );
  }
  if (!cron.nextRun()) throw new Error(`the schedule "${expression}" never fires.`);
  return {
    expression,
    next: (after) => {
      const next = cron.nextRun(new Date(after.epochMilliseconds));
      if (!next) throw new Error(`The schedule "${expression}" does not fire after ${after.toString()}.`);
      return Temporal.Instant.fromEpochMilliseconds(next.getTime());
    },
  };
}

function parseCron(expression: string): Cron | undefined {
  try {
    return new Cron(expression.trim(), { timezone: 'UTC', mode: '5-or-6-parts', domAndDow: true });
  } catch {
    return undefined;
  }
}
