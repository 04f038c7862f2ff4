// RFC 9457 problem documents: the answers to requests that can't be met.
import type { HttpResponseInit } from '@azure/functions';
import { describeProblems, type Problem as FieldProblem, maxProblems } from '../domain/text/fieldProblems.ts';
import type { Answered } from './answers/component.ts';
import type { Problem } from './answers/problem.ts';

export type ParameterProblem = { readonly parameter: string; readonly message: string };

export type ProblemDocument = Answered<typeof Problem>;

export function problem(status: number, title: string, detail: string, errors?: ProblemDocument['errors']) {
  const document: ProblemDocument = { type: 'about:blank', title, status, detail, errors };
  const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
  return { status, headers, body: JSON.stringify(document) };
}

export function badRequest(where: 'path' | 'query' | 'body', errors: readonly ParameterProblem[]): HttpResponseInit {
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
  return problem(400, `The ${where} is not valid`, `${detail}.`, errors);
}

/**
 * The 400 for a document that people write, and for the fields that come with it. `consequence`: a sentence on what happens now.
 */
export function badDocument(
  what: 'policy' | 'hold' | 'approval',
  fields: readonly ParameterProblem[],
  problems: readonly FieldProblem[],
  consequence = '',
) {
  const found = fields.map(({ parameter, message }) => `${parameter} ${message}`);
  if (problems.length > 0) found.push(describeProblems(problems, `The ${what}`));
  const title = problems.length > 0 ? `The ${what} is not valid` : 'The body is not valid';
  return problem(400, title, `${found.join('. ')}.${consequence}`, [...fields, ...problems].slice(0, maxProblems));
}

/** The 409 for a hold or an approval that is well written, and that no pool of the fleet is meant by. */
export function matchesNothing(what: 'hold' | 'approval', unmatched: FieldProblem) {
  const title = `The ${what} matches nothing`;
  const detail = `No pool matches the ${what}: ${describeProblems([unmatched], title)}. Correct it, or repeat the request with allowNoMatch=true in its query if it is to precede what it is for.`;
  return problem(409, title, detail, [unmatched]);
}
