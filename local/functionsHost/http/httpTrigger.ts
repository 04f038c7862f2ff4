// HTTP functions: finds the one that a request is for, checks its key, and translates request and answer. Called by answerRequest.ts.
import { toError } from '../settings/hostLog.ts';
import type { HttpFunction, ServedFunction } from '../triggers/readFunctions.ts';
import type { InvocationRequest, Invoke } from '../worker/invoke.ts';
import type { TypedData } from '../worker/rpc.ts';
import { continueTrace } from '../worker/traceContext.ts';
import { answerOf } from './httpAnswer.ts';
import type { HttpAnswer, HttpInput } from './httpMessages.ts';
import { pathSegments } from './httpRoute.ts';
import { answerThroughProxy } from './httpStream.ts';
import { hasKey, type Keys } from './keys.ts';

type Deps = {
  readonly routePrefix: string;
  readonly keys: Keys;
  readonly invoke: Invoke;
  /** Where the library takes requests when the app enables HTTP streams. */
  readonly httpUri: string | undefined;
  readonly warn: (text: string) => void;
};

/** Answers for the HTTP functions of an app. `routePrefix` is host.json's. */
export function createHttpTrigger(
  functions: readonly (HttpFunction & ServedFunction)[],
  deps: Deps,
): (request: HttpInput) => Promise<HttpAnswer> {
  const { keys } = deps;
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

  function mayCall(request: HttpInput, served: HttpFunction): boolean {
    const own = keys.functions[served.fn.metadata.name];
    const accepted = {
      anonymous: undefined,
      function: [keys.default, keys.master, ...(own === undefined ? [] : [own])],
      admin: [keys.master],
    }[served.authLevel];
    return accepted === undefined || hasKey(request, accepted);
  }

  return async (request) => {
    // A method that the function does not list is 404 too, HEAD included (Azure/azure-functions-host#10098, #11625).
    const found = find(request);
    if (!found) return { status: 404 };
    const { served, params } = found;
    if (!mayCall(request, served)) return { status: 401 };
    if (served.disabled && !hasKey(request, [keys.master])) return { status: 404 };

    const call: Omit<InvocationRequest, 'data'> = {
      fn: served.fn,
      reason: 'This function was programmatically called via the host APIs.',
      traceContext: continueTrace(request.headers),
    };
    if (deps.httpUri !== undefined)
      return answerThroughProxy(request, params, call, { ...deps, httpUri: deps.httpUri });

    const outcome = await deps.invoke({ ...call, ...(await requestData(request, params)) });
    if (!outcome.ok) return { status: 500 };
    const http = outcome.response.returnValue?.http;
    return http && 'statusCode' in http ? answerOf(http) : { status: 204 };
  };
}

/** In the worker's shape. Repeated query parameters arrive joined by a comma, as from the real host. */
async function requestData(
  request: HttpInput,
  params: Readonly<Record<string, string>>,
): Promise<{ readonly data: TypedData; readonly bindingError?: Error }> {
  let body: Uint8Array;
  try {
    body = await request.body();
  } catch (thrown) {
    return { data: {}, bindingError: new Error(`Exception binding parameter 'req'. ${toError(thrown).message}`) };
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
