// The simulator as the HTTP client of an Azure SDK client, in process and without a socket.
import { setTimeout as timeout } from 'node:timers/promises';
import { createHttpHeaders, type HttpClient, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import type { ArmRequest, ArmResponse } from './arm/armAnswer.ts';

type Delay = (seconds: number) => Promise<void>;

/** What `handle` throws is a failure of the network. A late answer lets `delay` pass, unless the caller gives up before. */
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
      return { request, status, headers: createHttpHeaders(headers), bodyAsText: body };
    },
  };
}

function untilAborted(signal: PipelineRequest['abortSignal']): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(aborted()));
  });
}

function aborted(): Error {
  return Object.assign(new Error('The request was aborted.'), { name: 'AbortError' });
}
