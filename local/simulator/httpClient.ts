// The simulator as the HTTP client of an Azure SDK client: `new ContainerServiceClient(credential, id, { httpClient })`
// runs unchanged, in process and without a socket. Used by the local run and by tests.
import type { ContainerServiceClientOptionalParams } from '@azure/arm-containerservice';
import type { ArmRequest, ArmResponse } from './armAnswer.ts';

/** The Azure SDK's own `HttpClient`. */
type HttpClient = NonNullable<ContainerServiceClientOptionalParams['httpClient']>;
type PipelineResponse = Awaited<ReturnType<HttpClient['sendRequest']>>;

/** Sends the requests of an SDK client to `handle`; what it throws or rejects with is a failure of the network. */
export function createHttpClient(handle: (request: ArmRequest) => ArmResponse | Promise<ArmResponse>): HttpClient {
  return {
    sendRequest: async (request) => {
      if (request.abortSignal?.aborted) {
        throw Object.assign(new Error('The request was aborted.'), { name: 'AbortError' });
      }
      const { status, headers, body } = await handle({
        method: request.method,
        url: request.url,
        headers: request.headers.toJSON(),
        ...(typeof request.body === 'string' && { body: request.body }),
      });
      return { request, status, headers: httpHeaders(headers), bodyAsText: body };
    },
  };
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
