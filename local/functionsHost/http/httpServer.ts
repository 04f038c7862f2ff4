// Listens on localhost and hands each request to a function from request to answer. Called by serve.ts.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { headersOf, listen, readBody } from '../../http/listen.ts';
import type { HttpAnswer, HttpInput } from './httpMessages.ts';

export type HttpServer = {
  readonly port: number;
  readonly stop: () => Promise<void>;
  readonly cut: () => void;
};

type ServerOptions = {
  readonly handle: (request: HttpInput) => Promise<HttpAnswer>;
  readonly bodyLimit: number;
};

/** @param port 0 for a free one. @throws a clear error when the port is taken */
export async function startHttpServer(port: number, options: ServerOptions): Promise<HttpServer> {
  const server: Server = createServer((request, response) => {
    // A connection that is kept alive would hold up the stop.
    if (!server.listening) response.setHeader('connection', 'close');
    void answer(request, response, options);
  });
  const inUse = `Port ${port} is unavailable. Close the process that uses it, or choose another with --port.`;
  return {
    port: await listen(server, port, inUse),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
    cut: () => server.closeAllConnections(),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const { status, headers = {}, body } = await options.handle(readRequest(request, gone.signal, options.bodyLimit));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (body instanceof Readable) {
      response.writeHead(status);
      response.flushHeaders();
      await pipeline(body, response);
      return;
    }
    const bytes = Buffer.from(body ?? '');
    if (status !== 204 && status !== 304) response.setHeader('content-length', bytes.length);
    response.writeHead(status).end(bytes);
  } catch {
    // A request that can't be read, or an answer that HTTP can't carry (a header with a line break, say).
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-length': 0 }).end();
  }
}

function readRequest(request: IncomingMessage, signal: AbortSignal, bodyLimit: number): HttpInput {
  const headers = headersOf(request);
  // App Service's front end says so who the caller asked, and how; the host believes it.
  if (headers['disguised-host'] !== undefined) headers['host'] = headers['disguised-host'];
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return {
    method: (request.method ?? 'GET').toUpperCase(),
    url: new URL(`${scheme}://${headers['host'] ?? 'localhost'}${request.url ?? '/'}`),
    headers,
    body: async () => {
      const body = await readBody(request, bodyLimit);
      if (body) return body;
      throw new Error(`Request body too large. The max request body size is ${bodyLimit} bytes.`);
    },
    stream: request,
    signal,
  };
}
