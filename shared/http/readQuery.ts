// Reads the query of an HTTP request against its schema. Called by the triggers.
import type { z } from 'zod';
import { parametersOf } from './httpSchemas.ts';
import { badQuery, problem } from './problem.ts';

type Query<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly response: ReturnType<typeof problem> };

/** The query as its schema reads it, or the 400 that names every parameter that is wrong. */
export function readQuery<T>(request: { readonly url: string }, schema: z.ZodType<T>): Query<T> {
  // From the URL, because the host joins a parameter that is given twice by a comma.
  const given = new URL(request.url).searchParams;
  const parameters = parametersOf(given);
  const twice = Object.keys(parameters).filter((name) => given.getAll(name).length > 1);
  if (twice.length > 0) {
    const errors = twice.map((parameter) => ({ parameter, message: 'is given more than once; give it once' }));
    const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
    return { ok: false, response: problem(400, 'The query is not valid', `${detail}.`, errors) };
  }
  const parsed = schema.safeParse(parameters);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, response: badQuery(parsed.error) };
}
