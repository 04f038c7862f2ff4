// The author of a change. Called by the triggers that change the policy, holds and approvals.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { isObject } from '../domain/text/anyValue.ts';
import { unseen } from '../domain/text/oneLine.ts';
import { badRequest, type ParameterProblem } from './problemDocument.ts';
import { readBy, readJson } from './readRequest.ts';

/** Who is signed in, by the header that App Service authentication sets, as it can be seen; or else who the caller says. */
export function authorOf(request: HttpRequest, signInHeader: string | undefined, given: string | undefined) {
  return (signInHeader && request.headers.get(signInHeader)?.replaceAll(unseen, '').trim()) || given;
}

export function noAuthor(does: string): ParameterProblem {
  const message = `is missing; give who ${does}, or sign in where App Service authentication is on`;
  return { parameter: 'author', message };
}

type SignedBody<T> = {
  readonly ok: true;
  /** As they were given: a part of them has a parser of its own. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Undefined where one of them is wrong. */
  readonly value: T | undefined;
  readonly author: string | undefined;
  /** What is wrong with the fields, to be answered together with what the parser finds. */
  readonly errors: readonly ParameterProblem[];
};

/** @param does what needs an author; undefined: nothing does */
export async function readSigned<T extends { readonly author?: string | undefined }>(
  request: HttpRequest,
  signInHeader: string | undefined,
  schema: z.ZodType<T>,
  does: string | undefined,
): Promise<SignedBody<T> | { readonly ok: false; readonly response: HttpResponseInit }> {
  const json = await readJson(request);
  if (!json.ok) return json;
  const read = readBy(schema, 'body', json.value);
  const errors = read.ok ? [] : read.errors;
  if (!isObject(json.value)) return { ok: false, response: badRequest('body', errors) };
  const fields = json.value;
  const value = read.ok ? read.value : undefined;
  const author = authorOf(request, signInHeader, value?.author);
  const isMissing = author === undefined && fields['author'] === undefined && does !== undefined;
  return { ok: true, fields, value, author, errors: isMissing ? [...errors, noAuthor(does)] : errors };
}
