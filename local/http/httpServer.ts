// HTTP on this machine, for the functions host and the simulator: requests and answers are values, handlers are functions.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type HttpInput = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the body. @throws when it is longer than the server takes */
  readonly body: () => Promise<Buffer>;
  readonly stream: Readable;
  /** Aborted when the caller goes away before the answer is complete. */
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | string | Readable | undefined;
  /** The connection is reset instead. */
  readonly lost?: boolean | undefined;
};

type ServerOptions = {
  readonly handle: (request: HttpInput) => Promise<HttpAnswer>;
  readonly maxBodyBytes: number;
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
  readonly inUse?: string;
};

/** Listens on 127.0.0.1. @param port 0 for a free one. @throws a clear error when the port is taken */
export async function startHttpServer(port: number, options: ServerOptions) {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    // A connection that is kept alive would hold up the stop.
    if (!server.listening) response.setHeader('connection', 'close');
    void answer(request, response, options);
  };
  const server = options.certificate ? createTlsServer(options.certificate, listener) : createServer(listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    const inUse = `Port ${port} is unavailable. Close the process that uses it, or choose another with --port.`;
    throw new Error(options.inUse ?? inUse, { cause });
  });
  return {
    port: (server.address() as AddressInfo).port,
    /** Takes no further requests, and waits for those that run. */
    stop: () =>
      new Promise<void>((resolve) => {
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
    const input = readRequest(request, gone.signal, options.maxBodyBytes);
    if (!input) {
      response.writeHead(400, { 'content-length': 0 }).end();
      return;
    }
    const { status, headers = {}, body, lost } = await options.handle(input);
    if (lost) {
      response.destroy();
      return;
    }
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
    // An answer that HTTP can't carry (a header with a line break, say).
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-length': 0 }).end();
  }
}

/** Undefined where it is for no host or no path. */
function readRequest(request: IncomingMessage, signal: AbortSignal, maxBodyBytes: number): HttpInput | undefined {
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  );
  // App Service's front end says so who the caller asked, and how; the host believes it.
  if (headers['disguised-host'] !== undefined) headers['host'] = headers['disguised-host'];
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const url = urlOf(scheme, headers['host'] ?? 'localhost', request.url ?? '/');
  return (
    url && {
      method: (request.method ?? 'GET').toUpperCase(),
      url,
      headers,
      body: () => readBody(request, maxBodyBytes),
      stream: request,
      signal,
    }
  );
}

/** @param target a path, or a whole URL as proxies are sent it, of which the host is the header's */
function urlOf(scheme: string, host: string, target: string): URL | undefined {
  const path = target.replace(/^https?:\/\/[^/?#]+/i, '');
  const url = `${scheme}://${host}${path}`;
  return /^[\w.:[\]-]+$/.test(host) && path.startsWith('/') && URL.canParse(url) ? new URL(url) : undefined;
}

/** Reads a body that is too long to its end, too, so that the caller gets to read the answer. */
async function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  }
  if (length <= maxBytes) return Buffer.concat(chunks);
  throw new Error(`Request body too large. The max request body size is ${maxBytes} bytes.`);
}
