// Answers of the HTTP functions as JSON, whole or a page at a time. Called by the triggers.
import type { HttpResponseInit } from '@azure/functions';

export type JsonAnswer<Body> = (
  body: Body,
  status?: number,
  headers?: Readonly<Record<string, string>>,
) => HttpResponseInit;

export const json: JsonAnswer<unknown> = (body, status = 200, headers = {}) => {
  const contentType = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...contentType, ...headers }, body: JSON.stringify(body) };
};

type Page<T> = { readonly values: readonly T[]; readonly next?: string | undefined };

export function toPage<T>({ url }: { readonly url: string }, { values, next }: Page<T>) {
  return { value: values, nextLink: next === undefined ? undefined : withCursor(url, next) };
}

/** The request's URL with the cursor of the next page, without the caller's key: people keep and share answers. */
function withCursor(url: string, key: string): string {
  const link = new URL(url);
  link.searchParams.delete('code');
  link.searchParams.set('cursor', Buffer.from(JSON.stringify({ key })).toString('base64url'));
  return link.toString();
}
