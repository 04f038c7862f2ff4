// Sends each HTTP request to what answers it: Event Grid's webhook, the admin API, the app's functions. Called by serve.ts.
import type { HostLog } from '../settings/hostLog.ts';
import type { ServedFunction } from '../triggers/readFunctions.ts';
import type { RunningTimer } from '../triggers/timerTrigger.ts';
import type { Invoke } from '../worker/invoke.ts';
import { answerAdmin } from './adminApi.ts';
import { answerEventGrid } from './eventGridTrigger.ts';
import { type HttpAnswer, type HttpInput, textAnswer } from './httpMessages.ts';
import { createHttpTrigger } from './httpTrigger.ts';
import { hasKey, type Keys } from './keys.ts';

type Deps = {
  readonly functions: readonly ServedFunction[];
  readonly timers: ReadonlyMap<ServedFunction, RunningTimer>;
  readonly routePrefix: string;
  readonly keys: Keys;
  readonly invoke: Invoke;
  readonly httpUri: string | undefined;
  readonly log: HostLog;
  /** False from the moment the host stops. */
  readonly isRunning: () => boolean;
};

/** The whole HTTP face of the host: what `func start` serves, as far as apps and their callers use it. */
export function createRequestHandler(deps: Deps): (request: HttpInput) => Promise<HttpAnswer> {
  const { functions, keys } = deps;
  const eventGridFunctions = functions.filter((served) => served.trigger === 'eventGrid');
  const answerHttp = createHttpTrigger(
    functions.filter((served) => served.trigger === 'http'),
    { ...deps, warn: (text) => deps.log.write(text, 'warning') },
  );

  return async (request) => {
    if (!deps.isRunning()) return textAnswer(503, 'Function host is not running.');
    const path = request.url.pathname.toLowerCase();
    if (path === '/runtime/webhooks/eventgrid') {
      if (!hasKey(request, [keys.eventGrid, keys.master])) return { status: 401 };
      return answerEventGrid(request, eventGridFunctions, deps);
    }
    // No function can be reached below these: the host keeps them for itself.
    if (path.startsWith('/admin/')) return answerAdmin(request, deps);
    if (path.startsWith('/runtime/')) return { status: 404 };
    const answer = await answerHttp(request);
    return answer.status === 404 && path === '/' ? homepage : answer;
  };
}

const homepage: HttpAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<!doctype html><title>Functions</title><p>The function app runs.</p>\n'),
};
