// HTTP streams: the host passes requests and answers through to the HTTP server that the library opens.
import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import type { HttpAnswer, HttpInput } from '../../http/httpServer.ts';
import { withinTime } from '../worker/after.ts';
import type { InvocationRequest } from '../worker/invoke.ts';
import type { TypedData } from '../worker/rpc.ts';
import type { HttpDeps } from './httpDeps.ts';

// Of one connection, not of the message (RFC 9110, 7.6.1). The length stays: it says when a body ends too early.
const hopByHop = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** How long Azure's host lets a caller wait on an answer that its function has left without an end. */
const silentMilliseconds = 240_000;
const headMilliseconds = 100;

/** The invocation and the request meet in the library by the invocation's id. @param params of the route */
export async function answerThroughProxy(
  request: HttpInput,
  params: Readonly<Record<string, string>>,
  call: Omit<InvocationRequest, 'data'>,
  { invoke, log, after }: HttpDeps,
  httpUri: string,
): Promise<HttpAnswer> {
  const id = randomUUID();
  const ended = new AbortController();
  const signal = AbortSignal.any([request.signal, ended.signal]);
  const answering = forward(request, id, httpUri, signal);
  const outcome = invoke({ ...call, id, data: { http: emptyRequest }, triggerMetadata: metadata(request, params) });
  const untilAnswered = async (): Promise<IncomingMessage | 204 | 500> => {
    const run = await outcome;
    if (run.ok && !run.empty) return answering;
    if (!run.ok && (await hasBegun())) {
      leaveOpen();
      return answering;
    }
    ended.abort();
    return run.ok ? 204 : 500;
  };
  // The head of an answer that broke off at once may still be on its way.
  const hasBegun = () => withinTime(answering, headMilliseconds, after).then(Boolean, () => false);
  // Nothing ends what the library has begun to send.
  const leaveOpen = () => {
    if (request.signal.aborted) return;
    const callOff = after(silentMilliseconds, () => ended.abort());
    request.signal.addEventListener('abort', callOff);
    log.write(
      `The answer of '${call.fn.metadata.name}' broke off. Its caller waits ${silentMilliseconds / 1000} s for the rest, as on Azure: end a body that fails, and say in it that it is not complete.`,
      'warning',
    );
  };

  const answer = await Promise.race([answering, untilAnswered()]).catch(() => 500 as const);
  if (typeof answer !== 'number') {
    const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
      hopByHop.has(name) ? [] : [[name, values] as const],
    );
    return { status: answer.statusCode ?? 500, headers: Object.fromEntries(headers), body: answer };
  }
  if (answer === 500) {
    log.write(
      `The caller of '${call.fn.metadata.name}' gets 500. Azure would let it wait for an answer that never comes, because a streaming function that throws answers nothing (Azure/azure-functions-nodejs-library#324): catch what it throws.`,
      'warning',
    );
  }
  return { status: answer };
}

function forward(request: HttpInput, id: string, httpUri: string, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = Object.entries(request.headers).filter(([name]) => !hopByHop.has(name));
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const proxied = httpRequest(new URL(`${request.url.pathname}${request.url.search}`, httpUri), {
      method: request.method,
      headers: {
        ...Object.fromEntries(headers),
        'x-forwarded-host': request.url.host,
        'x-forwarded-proto': request.url.protocol.replace(':', ''),
        'x-ms-invocation-id': id,
      },
      signal,
    });
    proxied.once('response', resolve).once('error', reject);
    pipeline(request.stream, proxied, () => {});
  });
  // The race below gets the error; without this Node would also report it as unhandled.
  answer.catch(() => {});
  return answer;
}

/** The library takes the request from its own server; the rest of the protocol's shape is empty. */
const emptyRequest = { method: '', url: '', nullableHeaders: {}, nullableQuery: {}, nullableParams: {} };

function metadata(request: HttpInput, params: Readonly<Record<string, string>>): Record<string, TypedData> {
  return {
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
    Headers: { json: JSON.stringify(request.headers) },
    Query: { json: JSON.stringify(Object.fromEntries(request.url.searchParams)) },
  };
}
