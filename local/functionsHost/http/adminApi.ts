// The host's admin API, /admin/…: what tools and tests use of it. Called by answerRequest.ts.
import { isObject } from '../../../shared/domain/text/anyValue.ts';
import { jsonIn } from '../../../shared/domain/text/jsonIn.ts';
import type { HttpAnswer, HttpInput } from '../../http/httpServer.ts';
import { jsonAnswer, textAnswer } from '../../http/jsonAnswer.ts';
import type { ServedFunction } from '../triggers/readFunctions.ts';
import { invokeEvent } from './eventGridTrigger.ts';
import type { HttpDeps } from './httpDeps.ts';
import { hasKey, type Keys } from './keys.ts';

const calledByAdmin = 'This function was programmatically called via the host APIs.';

/** Runs a function, shows keys (all of a scope, or the one whose name follows), and answers status and ping. */
export async function answerAdmin(request: HttpInput, deps: HttpDeps): Promise<HttpAnswer> {
  const path = request.url.pathname.toLowerCase().split('/').slice(2);
  const [area, name, ...rest] = path;
  const reads = request.method === 'GET';
  if (path.join('/') === 'host/ping') return { status: 200 };
  if (!hasKey(request, [deps.keys.master])) return { status: 401 };

  if (area === 'host' && name === 'status' && reads) return jsonAnswer(200, { state: 'Running' });
  if (area === 'host' && reads) return showKeys(hostKeys(deps.keys, name), rest);

  const served = deps.functions.find(({ fn }) => fn.metadata.name.toLowerCase() === name);
  if (area !== 'functions' || !served) return { status: 404 };
  if (rest.length === 0 && request.method === 'POST') return runByHand(served, request, deps);
  if (rest[0] !== 'keys' || !reads) return { status: 404 };
  const own = deps.keys.functions[served.fn.metadata.name];
  return showKeys(own === undefined ? {} : { default: own }, rest.slice(1));
}

function hostKeys(keys: Keys, scope: string | undefined): Readonly<Record<string, string>> | undefined {
  if (scope === 'keys' || scope === 'functionkeys') return { default: keys.default };
  if (scope === 'systemkeys') return { _master: keys.master, eventgrid_extension: keys.eventGrid };
  return undefined;
}

function showKeys(keys: Readonly<Record<string, string>> | undefined, path: readonly string[]): HttpAnswer {
  if (!keys || path.length > 1) return { status: 404 };
  const [name] = path;
  if (name !== undefined) return keys[name] ? jsonAnswer(200, { name, value: keys[name] }) : { status: 404 };
  // The real host names the master key when it is asked for by its name only.
  const listed = Object.entries(keys).filter(([key]) => key !== '_master');
  return jsonAnswer(200, { keys: listed.map(([key, value]) => ({ name: key, value })) });
}

/** With a body `{"input": "..."}`: starts the function with that trigger value, and does not wait. */
async function runByHand(served: ServedFunction, request: HttpInput, deps: HttpDeps): Promise<HttpAnswer> {
  const body = jsonIn((await request.body()).toString());
  if (!isObject(body)) return { status: 400 };
  const given = body['input'];
  const input = typeof given === 'string' ? given : JSON.stringify(given ?? '');
  if (served.trigger === 'http') return textAnswer(400, 'Call an HTTP function at its own URL.');
  if (served.trigger === 'timer') void deps.timers.get(served)?.runNow(calledByAdmin);
  if (served.trigger === 'queue') void deps.invoke({ fn: served.fn, data: { string: input }, reason: calledByAdmin });
  if (served.trigger === 'eventGrid') {
    const event = jsonIn(input);
    if (!isObject(event)) return textAnswer(400, 'Expected {"input": "..."} with one event as JSON.');
    void invokeEvent(event, served.fn, deps.invoke, calledByAdmin);
  }
  return { status: 202 };
}
