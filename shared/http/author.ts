// The author of a change. Called by the triggers that change the policy, holds and approvals.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { unseen } from '../domain/text/oneLine.ts';
import { badRequest } from './problemDocument.ts';

/** Who is signed in, by the header that App Service authentication sets, as it can be seen; or else who the caller says. */
export function authorOf(request: HttpRequest, signInHeader: string | undefined, given: string | undefined) {
  return (signInHeader && request.headers.get(signInHeader)?.replaceAll(unseen, '').trim()) || given;
}

export function noAuthor(where: 'body' | 'query', does: string): HttpResponseInit {
  const message = `is missing; give who ${does}, or sign in where App Service authentication is on`;
  return badRequest(where, [{ parameter: 'author', message }]);
}
