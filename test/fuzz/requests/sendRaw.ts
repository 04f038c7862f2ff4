// Sends a request as it is written, byte by byte: what fetch would refuse or put right goes out too. Called by the fuzz and
// by the tests of the local host.
import { once } from 'node:events';
import { connect } from 'node:net';

export type RawRequest = {
  readonly method: string;
  /** The request target: a path with its query, or whatever stands there. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | undefined;
};

export type RawAnswer = {
  readonly status: number;
  readonly contentType: string | null;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
};

/** @returns undefined where the server closes the connection without a word @throws after `milliseconds` without an end */
export async function sendRaw(port: number, request: RawRequest, milliseconds: number): Promise<RawAnswer | undefined> {
  const body = Buffer.from(request.body ?? '');
  const given = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    ...(given.has('host') ? [] : [`host: localhost:${port}`]),
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ...(request.body === undefined ? [] : [`content-length: ${body.length}`]),
    'connection: close',
  ];
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server may answer and hang up before it has read all of a body.
  socket.on('error', () => {});
  const timer = setTimeout(() => socket.destroy(new Error('no end')), milliseconds);
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]));
  await once(socket, 'close');
  clearTimeout(timer);
  if (socket.errored?.message === 'no end') throw new Error(`No answer within ${milliseconds} ms.`);
  return chunks.length === 0 ? undefined : readAnswer(Buffer.concat(chunks));
}

function readAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (bytes.subarray(0, end).toString('latin1').startsWith('HTTP/1.1 100')) return readAnswer(bytes.subarray(end + 4));
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const rest = bytes.subarray(end + 4);
  const body = headers.get('transfer-encoding') === 'chunked' ? unchunked(rest) : rest;
  return {
    status: Number(first.split(' ')[1]),
    contentType: headers.get('content-type') ?? null,
    headers,
    text: body.toString('utf8'),
  };
}

function unchunked(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let start = 0; ; ) {
    const line = bytes.indexOf('\r\n', start);
    const length = Number.parseInt(bytes.subarray(start, line).toString('latin1'), 16);
    if (line < 0 || !(length >= 0)) throw new Error('The answer breaks off.');
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(line + 2, line + 2 + length));
    start = line + 2 + length + 2;
  }
}
