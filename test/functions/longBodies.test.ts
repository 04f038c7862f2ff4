// Bodies that are made to stop the app: long, without an end, with a length that is not theirs, nested, or full of mistakes.
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { handler as evaluateWindow } from '../../functions/evaluateWindow.ts';
import { handler as postApproval } from '../../functions/postApproval.ts';
import { handler as postHold } from '../../functions/postHold.ts';
import { handler as postPreflight } from '../../functions/postPreflight.ts';
import { handler as putPolicy } from '../../functions/putPolicy.ts';
import { maxBodyBytes, readJsonBody } from '../../shared/http/readRequest.ts';
import { call, composeAt } from './request.ts';

const operations = [
  ['PUT /api/policy', putPolicy, '/api/policy', { method: 'PUT', headers: { 'if-none-match': '*' } }],
  ['PUT /api/policy?dryRun=true', putPolicy, '/api/policy?dryRun=true', { method: 'PUT' }],
  ['POST /api/holds', postHold, '/api/holds', {}],
  ['POST /api/approvals', postApproval, '/api/approvals', {}],
  ['POST /api/preflight', postPreflight, '/api/preflight', {}],
  ['POST /api/windows/evaluate', evaluateWindow, '/api/windows/evaluate', {}],
] as const;

beforeAll(() => {
  composeAt('2026-11-21T12:00:00Z');
});

describe.each(operations)('%s', (_name, handler, path, asked) => {
  it('answers 413 to a body over the limit, before it is parsed', async () => {
    const answer = await call(handler, path, { ...asked, body: '['.repeat(maxBodyBytes + 1) });
    expect(answer).toMatchObject({ status: 413, type: 'application/problem+json; charset=utf-8' });
    expect(answer.body['detail']).toContain('65536 bytes');
  });

  it('counts bytes, not characters', async () => {
    const answer = await call(handler, path, { ...asked, body: JSON.stringify('é'.repeat(maxBodyBytes / 2)) });
    expect(answer.status).toBe(413);
  });

  it('answers 400 to a body of that length, deep as it is, or full of fields that nobody reads', async () => {
    const deep = '['.repeat(maxBodyBytes / 2) + ']'.repeat(maxBodyBytes / 2);
    const answer = await call(handler, path, { ...asked, body: deep });
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('nests more than 32') } });
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 0]));
    const wrong = await call(handler, path, { ...asked, body: { author: 'ada', ...fields } });
    expect(wrong.status).toBe(400);
    expect((wrong.body['errors'] as unknown[]).length).toBeLessThanOrEqual(100);
  });
});

it('lists at most 100 problems of a policy and of a window', async () => {
  const wrong = Array.from({ length: 5000 }, () => 0);
  const put = { method: 'PUT', body: { policy: { mode: 'observe', selectors: wrong }, author: 'a', reason: 'b' } };
  const dryRun = await call(putPolicy, '/api/policy?dryRun=true', put);
  const written = await call(putPolicy, '/api/policy', { ...put, headers: { 'if-none-match': '*' } });
  expect([dryRun, written].map(({ status, body }) => [status, (body['errors'] as unknown[]).length])).toEqual([
    [400, 100],
    [400, 100],
  ]);
  const maintenanceWindow = { schedule: { daily: { intervalDays: 1 } }, durationHours: 4, notAllowedDates: wrong };
  const evaluated = await call(evaluateWindow, '/api/windows/evaluate', { body: { maintenanceWindow } });
  expect(evaluated.body['problems']).toHaveLength(100);
});

it('refuses in a dry run what is too long to be stored', async () => {
  const selectors = Array.from({ length: 1500 }, (_, index) => ({ cluster: `cluster-${index}` }));
  const body = { policy: { mode: 'observe', selectors }, author: 'ada' };
  const answer = await call(putPolicy, '/api/policy?dryRun=true', { method: 'PUT', body });
  expect(answer).toMatchObject({ status: 413, body: { detail: expect.stringContaining('at most 32768') } });
});

it('reads a body that comes piece by piece no further than the limit, whatever its length is said to be', async () => {
  for (const length of [undefined, '10', 'x', '-1']) {
    let pulled = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024).fill(32));
      },
    });
    const headers = new Headers(length === undefined ? {} : { 'content-length': length });
    const read = await readJsonBody({ headers, body }, z.unknown());
    expect(read).toMatchObject({ ok: false, response: { status: 413 } });
    expect(pulled).toBeLessThan(maxBodyBytes / 1024 + 5);
  }
});

it('does not begin to read a body that says it is too long', async () => {
  const body = new ReadableStream({ pull: () => Promise.reject(new Error('read')) }, { highWaterMark: 0 });
  const headers = new Headers({ 'content-length': String(maxBodyBytes + 1) });
  const read = await readJsonBody({ headers, body }, z.unknown());
  expect(read).toMatchObject({ ok: false, response: { status: 413 } });
});
