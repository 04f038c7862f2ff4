// HTTP functions: finds the one that a request is for, checks its key, and translates request and answer.
import type { HttpAnswer, HttpInput } from '../../http/httpServer.ts';
import { pathSegments } from '../../http/routeTemplate.ts';
import { toError } from '../settings/hostLog.ts';
import type { HttpFunction, ServedFunction } from '../triggers/readFunctions.ts';
import type { InvocationRequest } from '../worker/invoke.ts';
import { continueTrace, type HttpCookie, type HttpResponseData, type TypedData, textOrBytes } from '../worker/rpc.ts';
import type { HttpDeps } from './httpDeps.ts';
import { answerThroughProxy } from './httpStream.ts';
import { hasKey, type Keys } from './keys.ts';

export function createHttpTrigger(deps: HttpDeps): (request: HttpInput) => Promise<HttpAnswer> {
  const { keys, httpUri } = deps;
  const prefix = (pathSegments(deps.routePrefix) ?? []).map((segment) => segment.toLowerCase());
  const ordered = deps.functions
    .filter((served) => served.trigger === 'http')
    .toSorted(
      ({ route: a, fn: { metadata } }, { route: b, fn }) =>
        a.precedence.localeCompare(b.precedence) || metadata.name.localeCompare(fn.metadata.name),
    );
  return async (request) => {
    // A method that the function does not list is 404 too, HEAD included (Azure/azure-functions-host#10098, #11625).
    const found = find(ordered, prefix, request);
    if (!found) return { status: 404 };
    const { served, params } = found;
    if (!mayCall(request, served, keys)) return { status: 401 };
    if (served.disabled && !hasKey(request, [keys.master])) return { status: 404 };

    const call: Omit<InvocationRequest, 'data'> = {
      fn: served.fn,
      reason: 'This function was programmatically called via the host APIs.',
      traceContext: continueTrace(request.headers),
    };
    if (httpUri !== undefined) return answerThroughProxy(request, params, call, deps, httpUri);
    const outcome = await deps.invoke({ ...call, ...(await requestData(request, params)) });
    if (!outcome.ok) return { status: 500 };
    const http = outcome.response.returnValue?.http;
    return http && 'statusCode' in http ? answerOf(http) : { status: 204 };
  };
}

function find(
  ordered: readonly (HttpFunction & ServedFunction)[],
  prefix: readonly string[],
  { url, method }: HttpInput,
) {
  const path = pathSegments(url.pathname);
  if (!path || !prefix.every((segment, index) => path[index]?.toLowerCase() === segment)) return undefined;
  const rest = path.slice(prefix.length);
  for (const served of ordered) {
    const params = served.methods.includes(method) ? served.route.match(rest) : undefined;
    if (params) return { served, params };
  }
  return undefined;
}

function mayCall(request: HttpInput, { authLevel, fn }: HttpFunction, keys: Keys): boolean {
  if (authLevel === 'anonymous') return true;
  const forFunction = [keys.default, keys.functions[fn.metadata.name]];
  return hasKey(request, [keys.master, ...(authLevel === 'function' ? forFunction : [])]);
}

/** In the worker's shape. Repeated query parameters arrive joined by a comma, as from the real host. */
async function requestData(
  request: HttpInput,
  params: Readonly<Record<string, string>>,
): Promise<{ readonly data: TypedData; readonly bindingError?: Error }> {
  const body = await request.body().catch(toError);
  if (body instanceof Error) {
    return { data: {}, bindingError: new Error(`Exception binding parameter 'req'. ${body.message}`) };
  }
  const query: Record<string, string> = {};
  for (const [name, value] of request.url.searchParams) query[name] = name in query ? `${query[name]},${value}` : value;
  return {
    data: {
      http: {
        method: request.method,
        url: request.url.href,
        nullableHeaders: nullable(request.headers),
        nullableQuery: nullable(query),
        nullableParams: nullable(params),
        ...(body.length > 0 && { body: { bytes: body } }),
      },
    },
  };
}

function nullable(values: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

// The server writes these itself, for the body that it sends.
const framing = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

function answerOf(data: HttpResponseData): HttpAnswer {
  const headers: Record<string, string | readonly string[]> = Object.fromEntries(
    Object.entries(data.headers).filter(([name]) => !framing.has(name)),
  );
  if (data.cookies.length > 0) {
    const own = headers['set-cookie'];
    headers['set-cookie'] = [...(typeof own === 'string' ? [own] : []), ...data.cookies.map(setCookie)];
  }
  const body = textOrBytes(data.body);
  return { status: Number(data.statusCode), headers, ...(body !== undefined && { body: Buffer.from(body) }) };
}

const sameSite = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' };

function setCookie(cookie: HttpCookie): string {
  const expires = cookie.expires && new Date(cookie.expires.value.seconds * 1000).toUTCString();
  const site = sameSite[cookie.sameSite ?? 'none'];
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires && `expires=${expires}`,
    cookie.maxAge && `max-age=${cookie.maxAge.value}`,
    cookie.domain && `domain=${cookie.domain.value}`,
    cookie.path && `path=${cookie.path.value}`,
    cookie.secure?.value && 'secure',
    site && `samesite=${site}`,
    cookie.httpOnly?.value && 'httponly',
  ]
    .filter(Boolean)
    .join('; ');
}
