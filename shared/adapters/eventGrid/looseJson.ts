// Reading JSON that nobody promises a shape of. Called by the readers of evidence.
import { Temporal } from 'temporal-polyfill';
import { type Fields, isObject } from '../../domain/text/anyValue.ts';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { shallow } from '../../domain/text/shallow.ts';
import { shortened } from '../../domain/text/shortened.ts';

const longestTime = 64;

export function objectOf(value: unknown): Fields | undefined {
  const read = typeof value === 'string' ? shallow(jsonIn(value)) : value;
  return isObject(read) ? read : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toWellFormed() : undefined;
}

/** Words for people: cut where they are too long for a row. */
export function wordsOf(value: unknown, longest: number): string | undefined {
  const text = textOf(value);
  return text && shortened(text, longest);
}

export function fieldOf(value: unknown, name: string): unknown {
  const fields = Object.entries(objectOf(value) ?? {});
  return fields.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** AKS writes the year 1 for none, and leaves out the zone of UTC. */
export function instantOf(value: unknown): Temporal.Instant | undefined {
  const text = textOf(value);
  if (!text || text.length > longestTime) return undefined;
  try {
    const instant = Temporal.Instant.from(/(?:z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
    return instant.epochMilliseconds > Date.UTC(2000) ? instant.round('millisecond') : undefined;
  } catch {
    return undefined;
  }
}
