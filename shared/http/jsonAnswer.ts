// Answers of the HTTP functions as JSON, whole or a page at a time. Called by the triggers.
import type { HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import type { Answered } from './answers/component.ts';

/** `Schema`: the answer's schema in answers/. Name it: the OpenAPI document promises it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names it; it is never inferred.
export function json<Schema extends z.ZodType = never>(
  body: NoInfer<Answered<Schema>>,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  const contentType = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...contentType, ...headers }, body: JSON.stringify(body) };
}

type Page<T> = { readonly values: readonly T[]; readonly next?: string | undefined };

/** @param next the key at which the next page begins; undefined on the last page */
export function toPage<T>({ url }: { readonly url: string }, { values, next }: Page<T>) {
  return { value: values, ...(next !== undefined && { nextLink: withCursor(url, next) }) };
}

/** The request's URL with the cursor of the next page, without the caller's key: people keep and share answers. */
function withCursor(url: string, key: string): string {
  const link = new URL(url);
  link.searchParams.delete('code');
  link.searchParams.set('cursor', Buffer.from(JSON.stringify({ key })).toString('base64url'));
  return link.toString();
}
