// RFC 9457 problem documents: the answers to requests that can't be met.
import type { HttpResponseInit } from '@azure/functions';
import { describeProblems, type Problem as FieldProblem } from '../domain/text/fieldProblems.ts';
import type { Answered } from './answers/component.ts';
import type { Problem } from './answers/problem.ts';

type ParameterProblem = { readonly parameter: string; readonly message: string };

export type ProblemDocument = Answered<typeof Problem>;

export function problem(status: number, title: string, detail: string, errors?: ProblemDocument['errors']) {
  const document: ProblemDocument = { type: 'about:blank', title, status, detail, errors };
  const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
  return { status, headers, body: JSON.stringify(document) };
}

export function badRequest(where: 'query' | 'body', errors: readonly ParameterProblem[]): HttpResponseInit {
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
  return problem(400, `The ${where} is not valid`, `${detail}.`, errors);
}

/** The 400 for a document that people write. `consequence`: a sentence on what happens now. */
export function badDocument(what: 'policy' | 'hold' | 'approval', problems: readonly FieldProblem[], consequence = '') {
  const detail = `${describeProblems(problems, `The ${what}`)}.${consequence}`;
  return problem(400, `The ${what} is not valid`, detail, problems);
}
