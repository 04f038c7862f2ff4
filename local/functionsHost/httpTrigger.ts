// HTTP functions: finds the one that a request is for, checks its key, and translates request and answer. Called by answerRequest.ts.
import type { HttpAnswer, HttpInput } from './httpMessages.ts';
import { pathSegments } from './httpRoute.ts';
import type { Invoke } from './invoke.ts';
import { hasKey, type Keys } from './keys.ts';
import type { HttpFunction } from './readFunctions.ts';
import { type HttpCookie, type HttpResponseData, type TypedData, textOrBytes } from './rpc.ts';

/** Answers for the HTTP functions of an app. `routePrefix` is host.json's. */
export function createHttpTrigger(
  functions: readonly HttpFunction[],
  deps: { readonly routePrefix: string; readonly keys: Keys; readonly invoke: Invoke },
): (request: HttpInput) => Promise<HttpAnswer> {
  const prefix = (pathSegments(deps.routePrefix) ?? []).map((segment) => segment.toLowerCase());
  const ordered = functions.toSorted(
    (a, b) =>
      a.route.precedence.localeCompare(b.route.precedence) || a.fn.metadata.name.localeCompare(b.fn.metadata.name),
  );

  function find(request: HttpInput) {
    const path = pathSegments(request.url.pathname);
    if (!path || !prefix.every((segment, index) => path[index]?.toLowerCase() === segment)) return undefined;
    const rest = path.slice(prefix.length);
    for (const served of ordered) {
      const params = served.methods.includes(request.method) ? served.route.match(rest) : undefined;
      if (params) return { served, params };
    }
    return undefined;
  }

  return async (request) => {
    // A method that the function does not list is 404 too, HEAD included (Azure/azure-functions-host#10098, #11625).
    const found = find(request);
    if (!found) return { status: 404 };
    const { served, params } = found;
    const accepted = {
      anonymous: undefined,
      function: [deps.keys.default, deps.keys.master],
      admin: [deps.keys.master],
    };
    const keys = accepted[served.authLevel];
    if (keys && !hasKey(request, keys)) return { status: 401 };

    const outcome = await deps.invoke({
      fn: served.fn,
      data: requestData(request, params),
      reason: 'This function was programmatically called via the host APIs.',
    });
    if (!outcome.ok) return { status: 500 };
    const http = outcome.response.returnValue?.http;
    return http && 'statusCode' in http ? answerOf(http) : { status: 204 };
  };
}

/** In the worker's shape. Repeated query parameters arrive joined by a comma, as from the real host. */
function requestData(request: HttpInput, params: Readonly<Record<string, string>>): TypedData {
  const query: Record<string, string> = {};
  for (const [name, value] of request.url.searchParams) query[name] = name in query ? `${query[name]},${value}` : value;
  return {
    http: {
      method: request.method,
      url: request.url.href,
      nullableHeaders: nullable(request.headers),
      nullableQuery: nullable(query),
      nullableParams: nullable(params),
      ...(request.body.length > 0 && { body: { bytes: request.body } }),
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
