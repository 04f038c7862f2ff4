// HTTP answers that are sent while they are made, so that a long one takes no more memory than a short one. Called by
// getHistory.
import { app, type HttpResponseInit, type PostInvocationContext } from '@azure/functions';
import { problem } from './problem.ts';

// Large enough that sending costs little beside reading.
const chunkLength = 64 * 1024;

/**
 * Answers with the lines. The first chunk is read before: what fails until then is an error and no answer. What fails
 * later breaks the answer off, without the end of its last chunk, which every HTTP client notices.
 */
export async function streamed(
  headers: Readonly<Record<string, string>>,
  lines: AsyncIterable<string>,
): Promise<HttpResponseInit> {
  const chunks = chunksOf(lines);
  const first = await chunks.next();
  async function* body(): AsyncIterable<Uint8Array> {
    if (first.done) return;
    yield first.value;
    yield* chunks;
  }
  return { status: 200, headers, body: body() };
}

async function* chunksOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array, undefined> {
  let text = '';
  for await (const line of lines) {
    text += line;
    if (text.length < chunkLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text) yield Buffer.from(text);
  return undefined;
}

/** Newline-delimited JSON. */
export async function* ndjson(values: AsyncIterable<unknown>): AsyncIterable<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** For the whole app, at its start. */
export function enableStreams(): void {
  app.setup({ enableHttpStream: true });
  app.hook.postInvocation(answerFailure);
}

/**
 * With streams on, a handler that throws leaves its caller without an answer
 * (https://github.com/Azure/azure-functions-nodejs-library/issues/324), so it is answered here.
 */
export function answerFailure(context: PostInvocationContext): void {
  const { error, invocationContext } = context;
  if (!error || invocationContext.options.trigger.type !== 'httpTrigger') return;
  invocationContext.error(error);
  const detail = `Something went wrong that is not the request's fault; it is in the app's log under ${invocationContext.invocationId}. Try again.`;
  context.result = problem(500, 'The request failed', detail);
  context.error = undefined;
}
