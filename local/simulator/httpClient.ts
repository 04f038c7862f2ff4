// The simulator as the HTTP client of an Azure SDK client: `new ContainerServiceClient(credential, id, { httpClient })`
// runs unchanged, in process and without a socket. Used by the local run and by tests.
import { setTimeout as timeout } from 'node:timers/promises';
import type { ContainerServiceClientOptionalParams } from '@azure/arm-containerservice';
import { RestError } from '@azure/core-rest-pipeline';
import type { ArmRequest, ArmResponse } from './arm/armAnswer.ts';

/** The Azure SDK's own `HttpClient`. */
type HttpClient = NonNullable<ContainerServiceClientOptionalParams['httpClient']>;
type PipelineResponse = Awaited<ReturnType<HttpClient['sendRequest']>>;
type Signal = Parameters<HttpClient['sendRequest']>[0]['abortSignal'];

/** Lets seconds pass, as a slow answer needs. */
type Delay = (seconds: number) => Promise<void>;

/**
 * Sends the requests of an SDK client to `handle`; what it throws or rejects with is a failure of the network. Answers
 * that come late let `delay` pass, unless the caller gives up before.
 */
export function createHttpClient(
  handle: (request: ArmRequest) => ArmResponse | Promise<ArmResponse>,
  delay: Delay = (seconds) => timeout(seconds * 1000),
): HttpClient {
  return {
    sendRequest: async (request) => {
      if (request.abortSignal?.aborted) throw aborted();
      const { status, headers, body, delaySeconds, lost } = await handle({
        method: request.method,
        url: request.url,
        headers: request.headers.toJSON(),
        ...(typeof request.body === 'string' && { body: request.body }),
      });
      if (delaySeconds !== undefined) await Promise.race([delay(delaySeconds), untilAborted(request.abortSignal)]);
      if (lost) throw new RestError('read ECONNRESET', { code: 'ECONNRESET', request });
      return { request, status, headers: httpHeaders(headers), bodyAsText: body };
    },
  };
}

function untilAborted(signal: Signal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(aborted()));
  });
}

function aborted(): Error {
  return Object.assign(new Error('The request was aborted.'), { name: 'AbortError' });
}

/** Headers as the SDK reads them: names in any case. */
function httpHeaders(headers: Readonly<Record<string, string>>): PipelineResponse['headers'] {
  const values = new Map(Object.entries(headers));
  return {
    get: (name) => values.get(name.toLowerCase()),
    has: (name) => values.has(name.toLowerCase()),
    set: (name, value) => void values.set(name.toLowerCase(), String(value)),
    delete: (name) => void values.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(values),
    [Symbol.iterator]: () => values.entries(),
  };
}
