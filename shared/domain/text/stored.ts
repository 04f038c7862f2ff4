// What stored values are made of: an instant is ISO text in a row and a Temporal.Instant inside. Used by the stores' schemas.
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

const instantPattern =
  /^\d{4}-\d{2}-(?<day>\d{2})T([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d{1,3}(?<fine>\d{1,6})?)?)?(Z|[+-]\d{2}:\d{2})$/;

/** The instant that ISO text names; undefined where it names none. Years of four digits: others leave no room for sums. */
export function instantIn(text: unknown): Temporal.Instant | undefined {
  const read = readInstant(text);
  return typeof read === 'number' ? Temporal.Instant.fromEpochMilliseconds(read) : read;
}

/** Milliseconds where the quick way does, as every row has several. */
function readInstant(text: unknown): Temporal.Instant | number | undefined {
  const groups = typeof text === 'string' ? instantPattern.exec(text)?.groups : undefined;
  if (typeof text !== 'string' || !groups) return undefined;
  // Both ways agree on these. Date takes the 31st of every month.
  if (Number(groups['day']) <= 28 && groups['fine'] === undefined) {
    const milliseconds = Date.parse(text);
    return Number.isNaN(milliseconds) ? undefined : milliseconds;
  }
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}

export const Instant = z.string().transform((text, context) => {
  const instant = instantIn(text);
  if (instant) return instant;
  context.addIssue({ code: 'custom', message: 'no instant' });
  return z.NEVER;
});

/** ISO text that stays as it is, in documents that are hashed or answered. */
export const InstantText = z
  .string()
  .refine((text) => usual.test(text) || readInstant(text) !== undefined, { error: 'no instant' });

/** As the keeper writes them, and as Date and Temporal both read them: a row has ten, which would take half of its time. */
const usual = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?Z$/;

export const openWord = <Word extends string>() => z.custom<Word>((value) => typeof value === 'string');

export const readOf = <Value extends z.ZodType>(value: Value) =>
  z.union([
    z.looseObject({ problem: z.string() }),
    z.looseObject({ value: value.optional() }).refine((read) => !('problem' in read)),
  ]);

/** What a schema reads, without the fields it doesn't know, which stay in the value. */
export type Stored<Schema extends z.ZodType> = Known<z.output<Schema>>;

type Known<T> = T extends Temporal.Instant
  ? T
  : T extends readonly unknown[]
    ? { readonly [Index in keyof T]: Known<T[Index]> }
    : T extends object
      ? {
          readonly [Key in keyof T as string extends Key ? (unknown extends T[Key] ? never : Key) : Key]: Known<T[Key]>;
        }
      : T;

export const byTime = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b);

export const isBefore = (a: Temporal.Instant, b: Temporal.Instant) => byTime(a, b) < 0;
