// Streams long answers, so that they take no more memory than short ones. Called by getHistory and http.ts.
import type { InvocationContext, PostInvocationContext } from '@azure/functions';
import type { Answered } from './answers/component.ts';
import type { StreamEnd, StreamIncomplete } from './answers/history.ts';
import { problem } from './problemDocument.ts';

const chunkLength = 64 * 1024;

type Stream = {
  readonly headers: Readonly<Record<string, string>>;
  /** The last one says that it is the last. */
  readonly lines: AsyncIterable<string>;
  /** The last line of an answer that can't be completed. */
  readonly incomplete: (problem: string) => string;
};

/**
 * The first chunk is read before the answer, so an early failure is an error answer. A later one ends the answer with the
 * line `incomplete`: a body that throws would leave its caller on an open connection, without a byte, until Azure's host
 * cuts it off after 240 s.
 */
export async function streamed({ headers, lines, incomplete }: Stream, context: InvocationContext) {
  const chunks = chunksOf(lines);
  const first = await chunks.next();
  async function* body(): AsyncIterable<Uint8Array> {
    try {
      if (!first.done) yield first.value;
      yield* chunks;
    } catch (error) {
      context.error(error);
      yield Buffer.from(incomplete(`The answer breaks off here. ${failed(context)} Try again.`));
    }
  }
  return { status: 200, headers, body: body() };
}

async function* chunksOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const line of lines) {
    text += line;
    if (text.length < chunkLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text) yield Buffer.from(text);
}

/** The values as lines, of which the last must be an end. */
export function ndjson(values: AsyncIterable<unknown>): Stream {
  async function* lines(): AsyncIterable<string> {
    for await (const value of values) yield `${JSON.stringify(value)}\n`;
  }
  return {
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
    lines: lines(),
    incomplete: (problem) => {
      const last: Answered<typeof StreamIncomplete> = { kind: 'incomplete', problem };
      return `${JSON.stringify(last)}\n`;
    },
  };
}

/** The rows, then how many they were. */
export async function* withEnd<T>(values: AsyncIterable<T>): AsyncIterable<T | Answered<typeof StreamEnd>> {
  let rows = 0;
  for await (const value of values) {
    yield value;
    rows += 1;
  }
  yield { kind: 'end', rows };
}

// With streams on, the library leaves the caller of a handler that throws without an answer:
// https://github.com/Azure/azure-functions-nodejs-library/issues/324
export function answerFailure(context: PostInvocationContext): void {
  const { error, invocationContext } = context;
  if (!error || invocationContext.options.trigger.type !== 'httpTrigger') return;
  invocationContext.error(error);
  context.result = problem(500, 'The request failed', `${failed(invocationContext)} Try again.`);
  context.error = undefined;
}

const failed = ({ invocationId }: InvocationContext) =>
  `Something went wrong that is not the request's fault; it is in the app's log under ${invocationId}.`;
