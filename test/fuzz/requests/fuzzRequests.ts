// Sends drawn requests to a host one after the other, judges every answer, and in the end that nothing was lost. The same seed
// sends the same again. Called by main.ts and requests.test.ts.
import * as fc from 'fast-check';
import { aRequest, type DrawnRequest } from './drawRequest.ts';
import type { FuzzHost } from './fuzzHost.ts';
import { judgeAnswer } from './judgeAnswer.ts';
import { createRecord } from './record.ts';
import { type RawAnswer, type RawRequest, sendRaw } from './sendRaw.ts';

/** A request that takes longer hangs. */
const maxMilliseconds = 10_000;

export type FuzzFigures = {
  readonly requests: number;
  readonly seed: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly slowestMilliseconds: number;
  readonly written: Readonly<Record<string, number>>;
};

/** @throws naming the seed, the request and what is wrong with the answer, at the first one that is */
export async function fuzzRequests({ host, port }: FuzzHost, count: number, seed: number): Promise<FuzzFigures> {
  const record = createRecord();
  const byStatus: Record<string, number> = {};
  let slowest = 0;
  const fail = (what: string) => {
    throw new Error(`${what}\nThe same again: npm run fuzz -- requests ${count} ${seed}`);
  };
  for (const [index, drawn] of fc.sample(aRequest, { seed, numRuns: count }).entries()) {
    const sent = complete(drawn, (text) => record.complete(text, host.keys.default));
    const began = performance.now();
    const answer = await sendRaw(port, sent, maxMilliseconds).catch((error: Error) => error);
    slowest = Math.max(slowest, performance.now() - began);
    const wrong = answer instanceof Error ? answer.message : judgeAnswer(drawn, sent, answer);
    if (wrong !== undefined) fail(`Request ${index} (${drawn.operation}), ${show(sent)}: ${wrong}`);
    byStatus[(answer as RawAnswer).status] = (byStatus[(answer as RawAnswer).status] ?? 0) + 1;
    record.learn(drawn, answer as RawAnswer);
  }
  const lost = await record.losses((path) => readList(port, path, host.keys.default));
  if (lost.length > 0) fail(`Lost: ${lost.join('; ')}`);
  return { requests: count, seed, byStatus, slowestMilliseconds: Math.round(slowest), written: record.counts() };
}

function complete({ method, target, headers, body }: DrawnRequest, text: (text: string) => string): RawRequest {
  return { method, target: text(target), headers: headers.map(([name, value]) => [name, text(value)]), body };
}

async function readList(port: number, path: string, key: string) {
  const found: Readonly<Record<string, unknown>>[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const request: RawRequest = { method: 'GET', target: next, headers: [['x-functions-key', key]] };
    const answer = await sendRaw(port, request, maxMilliseconds);
    const { value, nextLink } = JSON.parse(answer?.text ?? '') as { value: typeof found; nextLink?: string };
    found.push(...value);
    const link = nextLink === undefined ? undefined : new URL(nextLink, 'https://keeper.example.com');
    next = link && link.pathname + link.search;
  }
  return found;
}

function show({ method, target, headers, body = '' }: RawRequest): string {
  const others = headers.filter(([name]) => name !== 'x-functions-key');
  return `${method} ${target.slice(0, 600)} ${JSON.stringify(others).slice(0, 300)} ${body.slice(0, 600)}`;
}
