// The author of a change. Called by the triggers that change the policy, holds and approvals.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { badRequest } from './problemDocument.ts';

/**
 * Who is signed in, or else who the caller says. App Service authentication sets `signInHeader`, and takes it from nobody;
 * undefined while it is off.
 */
export function authorOf(
  request: HttpRequest,
  signInHeader: string | undefined,
  given: string | undefined,
): string | undefined {
  return (signInHeader && request.headers.get(signInHeader)?.trim()) || given;
}

/** The 400 for a change without an author. `does`: what the author does, such as `lifts the hold`. */
export function noAuthor(where: 'body' | 'query', does: string): HttpResponseInit {
  const message = `is missing; give who ${does}, or sign in where App Service authentication is on`;
  return badRequest(where, [{ parameter: 'author', message }]);
}
