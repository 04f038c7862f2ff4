// Event Grid's webhook, /runtime/webhooks/eventgrid: the handshakes, and one invocation for each event.
import { isObject } from '../../../shared/domain/text/anyValue.ts';
import { jsonIn } from '../../../shared/domain/text/jsonIn.ts';
import { shallow } from '../../../shared/domain/text/shallow.ts';
import type { HttpAnswer, HttpInput } from '../../http/httpServer.ts';
import { jsonAnswer, textAnswer } from '../../http/jsonAnswer.ts';
import type { RegisteredFunction } from '../worker/coreModule.ts';
import type { InvocationOutcome, Invoke } from '../worker/invoke.ts';
import type { HttpDeps } from './httpDeps.ts';

/** Events of a request are invoked at the same time; one failure makes Event Grid send them all again. */
export async function answerEventGrid(request: HttpInput, { functions, invoke, log }: HttpDeps): Promise<HttpAnswer> {
  const name = request.url.searchParams.get('functionName') ?? '';
  const served = functions.find(({ fn }) => fn.metadata.name.toLowerCase() === name.toLowerCase());
  if (served?.trigger !== 'eventGrid' || served.disabled) return textAnswer(404, `cannot find function: '${name}'`);

  // The CloudEvents handshake: the origin that asks may send, at any rate.
  const origin = request.headers['webhook-request-origin'];
  if (request.method === 'OPTIONS' && origin !== undefined) {
    return { status: 200, headers: { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' } };
  }

  switch ((request.headers['aeg-event-type'] ?? '').toLowerCase()) {
    case 'subscriptionvalidation': {
      const code = validationCode(jsonIn((await request.body()).toString()));
      if (code === undefined) return textAnswer(400, 'The validation event holds no data.validationCode.');
      log.write(`perform handshake with eventGrid for function: ${name}`);
      return jsonAnswer(200, { validationResponse: code });
    }
    case 'notification':
      return notify(jsonIn((await request.body()).toString()), served.fn, invoke);
    case 'unsubscribe':
      return { status: 202 };
    default:
      return { status: 400 };
  }
}

async function notify(body: unknown, fn: RegisteredFunction, invoke: Invoke): Promise<HttpAnswer> {
  if (!Array.isArray(body) && !isObject(body)) return textAnswer(400, 'Expected a JSON event, or an array of events.');
  const events: readonly unknown[] = Array.isArray(body) ? body : [body];
  const outcomes = await Promise.all(events.map((event) => invokeEvent(event, fn, invoke, 'EventGrid trigger fired')));
  return outcomes.every((outcome) => outcome.ok)
    ? { status: 202 }
    : textAnswer(500, `Exception while executing function: Functions.${fn.metadata.name}`);
}

/**
 * An element that is no object goes to the function too, which says what it is. Azure's extension can't bind it: it runs the other
 * events and answers 500, and it refuses a body nested deeper than 64 levels. Event Grid itself delivers neither.
 */
export function invokeEvent(
  delivered: unknown,
  fn: RegisteredFunction,
  invoke: Invoke,
  reason: string,
): Promise<InvocationOutcome> {
  const event = shallow(delivered);
  const triggerMetadata = { Data: { json: JSON.stringify((isObject(event) ? event['data'] : undefined) ?? null) } };
  return invoke({ fn, data: { json: JSON.stringify(event) }, triggerMetadata, reason });
}

function validationCode(body: unknown): string | undefined {
  const event: unknown = Array.isArray(body) ? body[0] : body;
  const data = isObject(event) ? event['data'] : undefined;
  const parsed = typeof data === 'string' ? jsonIn(data) : data;
  const code = isObject(parsed) ? parsed['validationCode'] : undefined;
  return typeof code === 'string' ? code : undefined;
}
