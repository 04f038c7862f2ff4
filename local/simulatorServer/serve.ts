// HTTP and HTTPS in front of handlers that turn a request into an answer. Called by startSimulatorServer.ts.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { headersOf, listen, readBody } from '../http/listen.ts';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';
import type { Certificate } from './certificate.ts';

export type RequestHandler = (request: ArmRequest) => ArmResponse | undefined;

export type Listening = { readonly port: number; readonly stop: () => Promise<void> };

const maxBodyBytes = 4 * 1024 * 1024;

/** Port 0 is any free one. The first handler that answers is the one. @throws when the port can't be had */
export async function serve(
  port: number,
  handlers: readonly RequestHandler[],
  certificate?: Certificate,
): Promise<Listening> {
  const stopped = new AbortController();
  const listener = (message: IncomingMessage, response: ServerResponse) =>
    void answer(message, response, handlers, stopped.signal).catch(() => response.destroy());
  const server: Server = certificate
    ? createTlsServer({ cert: certificate.cert, key: certificate.key }, listener)
    : createServer(listener);
  return {
    port: await listen(server, port, `port ${port} is in use by another process`),
    stop: async () => {
      stopped.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  handlers: readonly RequestHandler[],
  signal: AbortSignal,
): Promise<void> {
  const body = await readBody(message, maxBodyBytes);
  if (body === undefined) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const { method = 'GET', url = '/' } = message;
  const found = firstAnswer(handlers, { method, url, headers: headersOf(message), body: body.toString() });
  if (found.delaySeconds) await delay(found.delaySeconds * 1000, undefined, { signal });
  if (found.lost) {
    message.socket.destroy();
    return;
  }
  response.writeHead(found.status, { ...found.headers, 'content-length': Buffer.byteLength(found.body) });
  response.end(message.method === 'HEAD' ? undefined : found.body);
}

function firstAnswer(handlers: readonly RequestHandler[], request: ArmRequest): ArmResponse {
  for (const handler of handlers) {
    const response = handler(request);
    if (response) return response;
  }
  return { status: 404, headers: {}, body: '' };
}
