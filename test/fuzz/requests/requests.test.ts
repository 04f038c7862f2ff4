// A small run of `npm run fuzz -- requests`, and that its judges see what they are there for.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FuzzHost, startFuzzHost } from './fuzzHost.ts';
import { fuzzRequests } from './fuzzRequests.ts';
import { judgeAnswer } from './judgeAnswer.ts';
import { createRecord } from './record.ts';
import type { RawAnswer } from './sendRaw.ts';

let fuzzed: FuzzHost;

beforeAll(async () => {
  fuzzed = await startFuzzHost();
});

afterAll(async () => {
  await fuzzed.host.stop();
});

it('finds no failure of ours, and nothing lost', async () => {
  const { byStatus, written } = await fuzzRequests(fuzzed, 150, 15);
  expect(Object.keys(byStatus)).toEqual(expect.arrayContaining(['200', '201', '400', '404']));
  expect(Object.values(written).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(2);
  expect(fuzzed.lines.filter((line) => line.includes('Failed'))).toEqual([]);
});

const request = { method: 'GET', target: '/api/holds', headers: [], operation: 'getHolds', mustFail: false };
const json = (status: number, body: unknown, contentType = 'application/json'): RawAnswer => ({
  status,
  contentType,
  headers: new Map(),
  text: JSON.stringify(body),
});
const problem = { type: 'about:blank', title: 'No', status: 404, detail: 'No.' };

describe('an answer is judged', () => {
  it.each<[string, Partial<typeof request>, RawAnswer | undefined, RegExp | undefined]>([
    ['good', {}, json(200, { value: [] }), undefined],
    ['no answer', {}, undefined, /closed without an answer/],
    ['a failure', {}, json(500, problem, 'application/problem+json'), /^500/],
    ['not as the document says', {}, json(200, {}), /value/],
    ['a refusal without a problem document', {}, json(400, {}), /lists application\/problem\+json/],
    ['taken, though it may not be', { mustFail: true }, json(200, { value: [] }), /holds what nobody takes/],
    ['refused with a key', {}, { ...json(401, ''), contentType: null, text: '' }, /with a key/],
    ['the host that knows no such path', { target: '/api/hold' }, json(404, ''), undefined],
    ['the host that fails', { target: '/api/hold' }, json(500, ''), /^500/],
  ])('%s', (_what, others, answer, wrong) => {
    const drawn = { ...request, ...others };
    const judged = judgeAnswer(drawn, drawn, answer);
    if (wrong) expect(judged).toMatch(wrong);
    else expect(judged).toBeUndefined();
  });
});

describe('what was answered', () => {
  const made = { id: 'a', scope: 'fleet' };
  const losses = async (holds: readonly object[]) => {
    const record = createRecord();
    record.learn({ ...request, operation: 'postHold' }, json(201, made));
    record.learn({ ...request, operation: 'postHold' }, json(400, { id: 'b' }));
    return record.losses(async (path) => (path.startsWith('/api/holds?limit') ? (holds as never) : []));
  };

  it.each<[string, readonly object[], number]>([
    ['is there', [made], 0],
    ['is missing', [], 1],
    ['is another', [{ ...made, scope: 'ring' }], 1],
    ['is there though it was refused', [made, { id: 'b' }], 1],
  ])('%s', async (_what, holds, count) => {
    expect(await losses(holds)).toHaveLength(count);
  });
});
