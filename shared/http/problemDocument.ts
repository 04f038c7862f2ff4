// RFC 9457 problem documents: the answers to requests that can't be met. Called by the triggers and by the readers of
// queries and bodies.
import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { describeProblems, type Problem as FieldProblem, maxProblems } from '../domain/text/fieldProblems.ts';
import type { Answered } from './answers/component.ts';
import type { Problem } from './answers/problem.ts';

type ParameterProblem = { readonly parameter: string; readonly message: string };

export type ProblemDocument = Answered<typeof Problem>;

export function problem(
  status: number,
  title: string,
  detail: string,
  errors?: ProblemDocument['errors'],
): HttpResponseInit {
  const document: ProblemDocument = { type: 'about:blank', title, status, detail, errors };
  const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
  return { status, headers, body: JSON.stringify(document) };
}

/** The 400 for a query or a body. It names every wrong parameter or field at once. */
export function badRequest(where: 'query' | 'body', errors: readonly ParameterProblem[]): HttpResponseInit {
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
  return problem(400, `The ${where} is not valid`, `${detail}.`, errors);
}

const unknownName = { query: 'is no parameter of this operation', body: 'is no field of this body' };

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly response: HttpResponseInit };

export function readBy<T>(schema: z.ZodType<T>, where: 'query' | 'body', given: unknown): Read<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = parsed.error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ parameter: key, message: `${unknownName[where]}; leave it out` }))
        : [{ parameter: issue.path.join('.') || where, message: issue.message }],
    )
    .slice(0, maxProblems);
  return { ok: false, response: badRequest(where, errors) };
}

/** The 400 for a document that people write. `consequence`: a sentence on what happens now. */
export function badDocument(
  what: 'policy' | 'hold' | 'approval',
  problems: readonly FieldProblem[],
  consequence = '',
): HttpResponseInit {
  const detail = `${describeProblems(problems, `The ${what}`)}.${consequence}`;
  return problem(400, `The ${what} is not valid`, detail, problems);
}
