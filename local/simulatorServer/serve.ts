// HTTP and HTTPS in front of handlers that turn a request into an answer. Called by startSimulatorServer.ts.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';
import type { Certificate } from './certificate.ts';

/** Answers a request, or undefined when it is not for this handler. */
export type RequestHandler = (request: ArmRequest) => ArmResponse | undefined;

export type Listening = { readonly port: number; readonly stop: () => Promise<void> };

const host = '127.0.0.1';
const maximumBodyBytes = 4 * 1024 * 1024;

/**
 * Serves on 127.0.0.1; port 0 is any free one. The first handler that answers is the one.
 * @param certificate absent: plain HTTP
 * @throws when the port can't be had
 */
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
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? new Error(`port ${port} is in use by another process`, { cause: error })
      : error;
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return {
    port: address.port,
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
  const body = await readBody(message);
  if (body === undefined) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const request: ArmRequest = {
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body,
  };
  const found = firstAnswer(handlers, request);
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

/** Undefined when it is too large. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
