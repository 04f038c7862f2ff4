import { InvocationContext, PostInvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { answerFailure, ndjson, streamed, withEnd } from '../../shared/http/streamedAnswer.ts';

async function* from<T>(values: Iterable<T>): AsyncIterable<T> {
  yield* values;
}

const contextOf = (type: string, logged: unknown[] = []) =>
  new InvocationContext({
    functionName: 'f',
    invocationId: 'i-1',
    logHandler: (level, ...args) => logged.push([level, ...args]),
    options: { trigger: { type, name: 't' } },
  });
const context = contextOf('httpTrigger');
const incomplete = (problem: string) => `incomplete: ${problem}`;

describe('a streamed answer', () => {
  it.each([0, 1, 3, 5_000])('holds %i lines as they came', async (count) => {
    const lines = Array.from({ length: count }, (_, index) => `${index} é\n`.padStart(100));
    const { status, headers, body } = await streamed(
      { headers: { 'x-a': 'b' }, lines: from(lines), incomplete },
      context,
    );
    expect([status, headers]).toEqual([200, { 'x-a': 'b' }]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(lines.join(''));
    expect(chunks.length).toBe(Math.ceil((count * 100) / (64 * 1024)));
  });

  it('reads no further than its reader', async () => {
    let read = 0;
    async function* lines() {
      for (; read < 1_000_000; read += 1) yield 'x'.repeat(1024);
    }
    const { body } = await streamed({ headers: {}, lines: lines(), incomplete }, context);
    await body[Symbol.asyncIterator]().next();
    expect(read).toBeLessThan(200);
  });

  it('ends with a line that says so when it can’t be completed, and the log has why', async () => {
    async function* lines() {
      for (let line = 0; line < 100; line += 1) yield `${line}`.padEnd(1024);
      throw new Error('storage is away');
    }
    const logged: unknown[] = [];
    const { body } = await streamed({ headers: {}, lines: lines(), incomplete }, contextOf('httpTrigger', logged));
    let last = '';
    for await (const chunk of body) last = Buffer.from(chunk).toString();
    expect(last).toMatch(/^incomplete: The answer breaks off here\. .* log under i-1\. Try again\.$/);
    expect(logged).toEqual([['error', new Error('storage is away')]]);
  });

  it('writes JSON a line, and how many there were', async () => {
    let text = '';
    for await (const line of ndjson(withEnd(from([{ a: 'x\ny' }, 1]))).lines) text += line;
    expect(text).toBe('{"a":"x\\ny"}\n1\n{"kind":"end","rows":2}\n');
  });
});

describe('an invocation that fails', () => {
  const failing = (type: string, error: unknown) => {
    const logged: unknown[] = [];
    const invocationContext = contextOf(type, logged);
    return { logged, context: new PostInvocationContext({ error, result: 'r', invocationContext }) };
  };

  it('is logged and answered when it is a request', () => {
    const error = new Error('storage is away');
    const { context, logged } = failing('httpTrigger', error);
    answerFailure(context);
    expect(logged).toEqual([['error', error]]);
    expect(context.error).toBeUndefined();
    expect(context.result).toMatchObject({ status: 500, body: expect.stringContaining('i-1') });
    expect(JSON.stringify(context.result)).not.toContain('storage');
  });

  it.each([
    ['queueTrigger', new Error('again')],
    ['timerTrigger', new Error('again')],
    ['httpTrigger', null],
  ])('stays as it is otherwise: %s, %s', (type, error) => {
    const { context, logged } = failing(type, error);
    answerFailure(context);
    expect([context.error, context.result, logged]).toEqual([error, 'r', []]);
  });
});
