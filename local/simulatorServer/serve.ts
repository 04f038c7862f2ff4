// HTTP and HTTPS in front of handlers that turn a request into an answer. Called by startSimulatorServer.ts and main.ts.
import { setTimeout as delay } from 'node:timers/promises';
import { startHttpServer } from '../http/httpServer.ts';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';

export type RequestHandler = (request: ArmRequest) => ArmResponse | undefined;

export type Listening = Awaited<ReturnType<typeof serve>>;

/** Port 0 is any free one. The first handler that answers is the one. @throws when the port can't be had */
export async function serve(
  port: number,
  handlers: readonly RequestHandler[],
  certificate?: { readonly cert: string; readonly key: string },
) {
  const stopped = new AbortController();
  const server = await startHttpServer(port, {
    certificate,
    maxBodyBytes: 4 * 1024 * 1024,
    inUse: `port ${port} is in use by another process`,
    handle: async ({ method, url, headers, body }) => {
      const text = await body().then(String, () => undefined);
      if (text === undefined) return { status: 413, headers: { connection: 'close' } };
      const request = { method, url: url.pathname + url.search, headers, body: text };
      for (const handler of handlers) {
        const answer = handler(request);
        if (answer?.delaySeconds) await delay(answer.delaySeconds * 1000, undefined, { signal: stopped.signal });
        if (answer) return answer;
      }
      return { status: 404 };
    },
  });
  return {
    port: server.port,
    stop: async () => {
      stopped.abort();
      const closed = server.stop();
      server.cut();
      await closed;
    },
  };
}
