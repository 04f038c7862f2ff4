// Reads the JSON body of an HTTP request against its schema. Called by the triggers that take one.
import type { z } from 'zod';
import { type ParameterProblem, problem } from './problem.ts';

type JsonBody<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly response: ReturnType<typeof problem> };

/** The body as its schema reads it, or the 400 that says what is wrong with every field. */
export function readJsonBody<T>(text: string, schema: z.ZodType<T>): JsonBody<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = text.trim() === '' ? 'it is empty' : (error as SyntaxError).message;
    return { ok: false, response: badBody(`The body is not JSON: ${found}.`) };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ parameter: key, message: 'is no field of this body; leave it out' }))
      : [{ parameter: issue.path.join('.') || 'body', message: issue.message }],
  );
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
  return { ok: false, response: badBody(`${detail}.`, errors) };
}

function badBody(detail: string, errors?: readonly ParameterProblem[]): ReturnType<typeof problem> {
  return problem(400, 'The body is not valid', detail, errors);
}
