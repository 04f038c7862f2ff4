// Streams long answers, so that they take no more memory than short ones. Called by getHistory.
import { app, type PostInvocationContext } from '@azure/functions';
import { problem } from './problemDocument.ts';

const chunkLength = 64 * 1024;

// The first chunk is read before the answer, so an early failure is an error answer. A later one cuts the answer off
// without its last chunk's end, which every HTTP client notices.
export async function streamed(headers: Readonly<Record<string, string>>, lines: AsyncIterable<string>) {
  const chunks = chunksOf(lines);
  const first = await chunks.next();
  async function* body(): AsyncIterable<Uint8Array> {
    if (!first.done) yield first.value;
    yield* chunks;
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

export async function* ndjson(values: AsyncIterable<unknown>): AsyncIterable<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** Turns streams on for the whole app. Call it once, at the start. */
export function enableStreams(): void {
  app.setup({ enableHttpStream: true });
  app.hook.postInvocation(answerFailure);
}

// With streams on, the library leaves the caller of a handler that throws without an answer:
// https://github.com/Azure/azure-functions-nodejs-library/issues/324
export function answerFailure(context: PostInvocationContext): void {
  const { error, invocationContext } = context;
  if (!error || invocationContext.options.trigger.type !== 'httpTrigger') return;
  invocationContext.error(error);
  const detail = `Something went wrong that is not the request's fault; it is in the app's log under ${invocationContext.invocationId}. Try again.`;
  context.result = problem(500, 'The request failed', detail);
  context.error = undefined;
}
