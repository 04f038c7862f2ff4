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

type Asked = {
  readonly request: { readonly url: string };
  readonly parts: { readonly publicUrl?: string | undefined };
};

export function toPage<T>({ request, parts }: Asked, { values, next }: Page<T>) {
  const nextLink = next === undefined ? undefined : (parts.publicUrl ?? '') + withCursor(request.url, next);
  return { value: values, nextLink };
}

/**
 * The request's path and query with the cursor of the next page, without the caller's key: people keep and share answers.
 * Not its host, which anybody can forge: a link would lead clients, with their keys, to wherever a header says.
 */
function withCursor(url: string, key: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete('code');
  searchParams.set('cursor', Buffer.from(JSON.stringify({ key })).toString('base64url'));
  // Two slashes at its beginning would name a host.
  return `${pathname.replace(/^\/+/, '/')}?${searchParams.toString()}`;
}
