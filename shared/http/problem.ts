// Answers of the HTTP functions: JSON, and RFC 9457 problem documents that say what to do.
import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import type { Problem } from '../domain/text/fieldProblems.ts';

export type ParameterProblem = { readonly parameter: string; readonly message: string };

/** What is answered instead of what was asked for (RFC 9457). */
export type ProblemDocument = {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  /** What was found, what is allowed, and what to do. */
  readonly detail: string;
  /** Each parameter, or field of a document, with what is wrong and what is expected. */
  readonly errors?: readonly (ParameterProblem | Problem)[];
};

/** `T`: the answer's type in shared/answers, which has to be named: its schema is what the OpenAPI document says. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- named by the caller, never inferred.
export function json<T = never>(
  body: NoInfer<T>,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  const contentType = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...contentType, ...headers }, body: JSON.stringify(body) };
}

export function problem(
  status: number,
  title: string,
  detail: string,
  errors?: ProblemDocument['errors'],
): HttpResponseInit {
  const document: ProblemDocument = { type: 'about:blank', title, status, detail, ...(errors ? { errors } : {}) };
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify(document),
  };
}

/** 400 for a query that its schema refuses: every parameter that is wrong, at once. */
export function badQuery(error: z.ZodError): HttpResponseInit {
  const errors = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ parameter: key, message: 'is no parameter of this operation; leave it out' }))
      : [{ parameter: issue.path.join('.'), message: issue.message }],
  );
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
  return problem(400, 'The query is not valid', `${detail}.`, errors);
}

/** 400 for a change that nobody answers for. `does`: what the author does, such as `lifts the hold`. */
export function noAuthor(where: 'body' | 'query', does: string): HttpResponseInit {
  const message = `is missing; give who ${does}, or sign in where App Service authentication is on`;
  return problem(400, `The ${where} is not valid`, `author ${message}.`, [{ parameter: 'author', message }]);
}
