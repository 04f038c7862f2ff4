// What the functions' tests need instead of a host: settings, storage in memory, a clock that stands, and requests.
import { HttpRequest, type HttpRequestInit, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { Temporal } from 'temporal-polyfill';
import { createMemoryDocuments } from '../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../shared/adapters/storage/memoryTables.ts';
import { replaceParts } from '../../shared/composition.ts';
import type { Documents } from '../../shared/ports/documents.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { checkAnswer } from '../http/checkAnswer.ts';

export const subscription = '11111111-2222-4333-8444-555555555555';

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** Composes the app around memory and a clock that stands at `now`; returns its tables. */
export function composeAt(
  now: string,
  tables: Tables = createMemoryTables(),
  digests: Documents = createMemoryDocuments(),
): Tables {
  process.env['SUBSCRIPTION_IDS'] = subscription;
  process.env['AzureWebJobsStorage'] = 'UseDevelopmentStorage=true';
  replaceParts({ tables, digests, clock: { now: () => Temporal.Instant.from(now) } });
  return tables;
}

type Asked = { body?: unknown; params?: Record<string, string>; method?: string; headers?: Record<string, string> };

/** Calls a handler that answers JSON; `body` is sent as JSON, or as it is when it is text. */
export async function call(handler: Handler, path: string, asked: Asked = {}) {
  const { status, headers, text } = await callText(handler, path, asked);
  const etag = headers.get('etag');
  return {
    status,
    type: headers.get('content-type'),
    ...(etag !== null && { etag }),
    body: JSON.parse(text) as Record<string, unknown>,
  };
}

/** Calls a handler as the worker does, reads its answer, streamed or not, and checks it against the OpenAPI document. */
export async function callText(
  handler: Handler,
  path: string,
  { body, params, method = body === undefined ? 'GET' : 'POST', headers }: Asked = {},
) {
  const url = new URL(path, 'https://keeper.example');
  const init: HttpRequestInit = {
    method,
    url: url.toString(),
    query: Object.fromEntries(url.searchParams),
    ...(params && { params }),
    ...(headers && { headers }),
    ...(body !== undefined && { body: { string: typeof body === 'string' ? body : JSON.stringify(body) } }),
  };
  const context = new InvocationContext({ functionName: 'test', invocationId: 'test', logHandler: () => {} });
  const { status = 200, headers: given, body: answer } = await handler(new HttpRequest(init), context);
  const text = await new Response(answer as ConstructorParameters<typeof Response>[0]).text();
  const answered = new Headers(given);
  checkAnswer({ method, url: url.toString(), status, contentType: answered.get('content-type'), text });
  return { status, headers: answered, text };
}

/** The pages of a list as a client reads them: by nextLink as it is, and with the key in a header. */
export async function readPages(handler: Handler, path: string): Promise<readonly Record<string, unknown>[][]> {
  const pages: Record<string, unknown>[][] = [];
  for (let next: unknown = path; typeof next === 'string'; ) {
    const { body } = await call(handler, next);
    pages.push(body['value'] as Record<string, unknown>[]);
    next = body['nextLink'];
    if (String(next).includes('code=')) throw new Error(`nextLink repeats the caller's key: ${String(next)}`);
  }
  return pages;
}
