// HTTP requests and answers as values, so that everything but the listening is a function from one to the other.
import type { Readable } from 'node:stream';

export type HttpInput = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the body. @throws when it is longer than the host takes */
  readonly body: () => Promise<Buffer>;
  readonly stream: Readable;
  /** Aborted when the caller goes away before the answer is complete. */
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | string | Readable;
};
