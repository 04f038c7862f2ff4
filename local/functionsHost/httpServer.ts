// Listens on localhost and hands each request to a function from request to answer. Called by startFunctionsHost.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { HttpAnswer, HttpInput } from './httpMessages.ts';

export type HttpServer = {
  readonly port: number;
  /** Takes no new requests; resolves when those under way are answered. */
  readonly stop: () => Promise<void>;
  /** Cuts what is still open. */
  readonly cut: () => void;
};

/**
 * @param port 0 for a free one
 * @throws a clear error when the port is taken
 */
export async function startHttpServer(
  port: number,
  handle: (request: HttpInput) => Promise<HttpAnswer>,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    void answer(request, response, handle);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is unavailable. Close the process that uses it, or choose another port.`, {
              cause: error,
            })
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
    cut: () => server.closeAllConnections(),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: HttpInput) => Promise<HttpAnswer>,
): Promise<void> {
  try {
    const { status, headers = {}, body = new Uint8Array() } = await handle(await readRequest(request));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (status !== 204 && status !== 304) response.setHeader('content-length', body.length);
    response.writeHead(status).end(body);
  } catch {
    // A request that can't be read, or an answer that HTTP can't carry (a header with a line break, say).
    if (!response.headersSent) response.writeHead(500, { 'content-length': 0 });
    response.end();
  }
}

async function readRequest(request: IncomingMessage): Promise<HttpInput> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = (values ?? []).join(', ');
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return {
    method: (request.method ?? 'GET').toUpperCase(),
    url: new URL(`http://${headers['host'] ?? 'localhost'}${request.url ?? '/'}`),
    headers,
    body: Buffer.concat(chunks),
  };
}
