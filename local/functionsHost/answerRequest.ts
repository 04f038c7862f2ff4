// Sends each HTTP request to what answers it: Event Grid's webhook, the admin API, the app's functions. Called by httpServer.ts.
import { answerEventGrid, invokeEvent, isObject, parseJson } from './eventGridTrigger.ts';
import type { HostLog } from './hostLog.ts';
import { type HttpAnswer, type HttpInput, textAnswer } from './httpMessages.ts';
import { createHttpTrigger } from './httpTrigger.ts';
import type { Invoke } from './invoke.ts';
import { hasKey, type Keys } from './keys.ts';
import type { ServedFunction } from './readFunctions.ts';
import type { RunningTimer } from './timerTrigger.ts';

type Deps = {
  readonly functions: readonly ServedFunction[];
  readonly timers: ReadonlyMap<ServedFunction, RunningTimer>;
  readonly routePrefix: string;
  readonly keys: Keys;
  readonly invoke: Invoke;
  readonly log: HostLog;
};

const calledByAdmin = 'This function was programmatically called via the host APIs.';

/** The whole HTTP face of the host: what `func start` serves, as far as apps and their callers use it. */
export function createRequestHandler(deps: Deps): (request: HttpInput) => Promise<HttpAnswer> {
  const { functions, keys } = deps;
  const eventGridFunctions = functions.filter((served) => served.trigger === 'eventGrid');
  const answerHttp = createHttpTrigger(
    functions.filter((served) => served.trigger === 'http'),
    deps,
  );

  return async (request) => {
    const path = request.url.pathname.toLowerCase();
    if (path === '/runtime/webhooks/eventgrid') {
      if (!hasKey(request, [keys.eventGrid, keys.master])) return { status: 401 };
      return answerEventGrid(request, eventGridFunctions, deps);
    }
    if (path.startsWith('/admin/')) {
      if (!hasKey(request, [keys.master])) return { status: 401 };
      const name = /^\/admin\/functions\/([^/]+)$/.exec(path)?.[1];
      const served = functions.find(({ fn }) => fn.metadata.name.toLowerCase() === name);
      return served && request.method === 'POST' ? runByHand(served, request, deps) : { status: 404 };
    }
    return answerHttp(request);
  };
}

/** POST /admin/functions/{name} with `{"input": "..."}`: starts the function with that trigger value, and does not wait. */
function runByHand(served: ServedFunction, request: HttpInput, deps: Deps): HttpAnswer {
  const body = parseJson(request.body);
  const given = isObject(body) ? body['input'] : undefined;
  const input = typeof given === 'string' ? given : JSON.stringify(given ?? '');
  switch (served.trigger) {
    case 'http':
      return textAnswer(400, 'Call an HTTP function at its own URL.');
    case 'timer':
      void deps.timers.get(served)?.runNow(calledByAdmin);
      return { status: 202 };
    case 'queue':
      void deps.invoke({ fn: served.fn, data: { string: input }, reason: calledByAdmin });
      return { status: 202 };
    case 'eventGrid': {
      const event = parseJson(Buffer.from(input));
      if (!isObject(event)) return textAnswer(400, 'Expected {"input": "..."} with one event as JSON.');
      void invokeEvent(event, served.fn, deps.invoke, calledByAdmin);
      return { status: 202 };
    }
    default:
      return served satisfies never;
  }
}
