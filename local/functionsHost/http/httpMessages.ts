// HTTP requests and answers as values, so that everything but the listening is a function from one to the other.
// Used by httpServer.ts and by all that answers.
import type { Readable } from 'node:stream';

export type HttpInput = {
  /** In upper case. */
  readonly method: string;
  readonly url: URL;
  /** By lower-case name; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the body. @throws when it is longer than the host takes */
  readonly body: () => Promise<Uint8Array>;
  /** The body as it comes, for whoever passes it on. */
  readonly stream: Readable;
  /** Aborted when the caller goes away before the answer is complete. */
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | Readable;
};

export function textAnswer(status: number, text: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) };
}

export function jsonAnswer(status: number, value: unknown): HttpAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, body: Buffer.from(JSON.stringify(value)) };
}
