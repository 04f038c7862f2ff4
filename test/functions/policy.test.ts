import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { handler as getPolicy } from '../../functions/getPolicy.ts';
import { handler as getPolicyLint } from '../../functions/getPolicyLint.ts';
import { handler as getPolicySchema } from '../../functions/getPolicySchema.ts';
import { handler as getPolicyVersions } from '../../functions/getPolicyVersions.ts';
import { handler as putPolicy } from '../../functions/putPolicy.ts';
import { clusterKey } from '../../shared/domain/cluster/clusterId.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { writeFacts } from '../../shared/stores/factsStore.ts';
import { keepHandMadePolicy, readPolicy, writePolicy } from '../../shared/stores/policyStore.ts';
import { storeDecisions, toViews } from '../../shared/stores/views/decisionsStore.ts';
import { at } from '../builders.ts';
import { aDecision } from '../domain/report/facts.ts';
import { aClusterFacts } from '../domain/rings/aClusterFacts.ts';
import { call, composeAt, readPages, subscription } from './request.ts';

const observe = { mode: 'observe' };
const enforce = { mode: 'enforce' };
const change = { policy: enforce, reason: 'the shop is ready', author: 'ada@example.com', commit: '3f2c1a9' };
const first = { 'if-none-match': '*' };

let tables: Tables;

const put = (body: unknown, headers: Record<string, string> = {}, query = '') =>
  call(putPolicy, `/api/policy${query}`, { method: 'PUT', body, headers });
const get = (query = '') => call(getPolicy, `/api/policy${query}`);

beforeEach(() => {
  tables = composeAt('2026-11-21T12:00:00Z');
});

describe('PUT /api/policy', () => {
  it('puts the first policy in force, with who, when and why', async () => {
    const answer = await put(change, first);
    const stored = { version: 1, ...change, at: '2026-11-21T12:00:00Z' };
    expect(answer).toMatchObject({ status: 201, body: stored });
    expect(await get()).toMatchObject({ status: 200, body: stored, etag: answer.etag });
    expect(await readPolicy(tables)).toMatchObject({
      policy: enforce,
      author: change.author,
      holds: [],
      approvals: [],
    });
  });

  it('replaces what the caller has seen, and keeps every version', async () => {
    const { etag } = await put(change, first);
    const second = await put({ ...change, policy: observe, reason: 'freeze' }, { 'if-match': etag ?? '' });
    expect(second).toMatchObject({ status: 200, body: { version: 2, policy: observe } });
    expect(second.etag).not.toBe(etag);
    // A proxy that compresses makes the tag weak.
    const third = await put(change, { 'if-match': `"other", W/${second.etag}` });
    expect(third.status).toBe(200);
    expect(await get('?version=1')).toMatchObject({ status: 200, body: { version: 1, policy: enforce } });
    expect((await call(getPolicyVersions, '/api/policy/versions?limit=2')).body['value']).toEqual([
      expect.objectContaining({ version: 3, reason: 'the shop is ready', commit: '3f2c1a9' }),
      { version: 2, reason: 'freeze', author: 'ada@example.com', commit: '3f2c1a9', at: '2026-11-21T12:00:00Z' },
    ]);
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['no precondition', {}, 428, 'If-None-Match: *'],
    ['If-None-Match with a tag, which says nothing of what is replaced', { 'if-none-match': '"x"' }, 428, 'If-Match'],
    ['another tag', { 'if-match': '"x"' }, 412, 'version 1 is in force. Read GET /api/policy'],
    ['none expected where one is', first, 412, 'version 1 is in force'],
  ])('refuses with %s, and the old one stays', async (_what, headers, status, detail) => {
    await put(change, first);
    const answer = await put({ ...change, policy: observe }, headers);
    expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8' });
    expect(answer.body['detail']).toContain(detail);
    expect((await get()).body).toMatchObject({ version: 1, policy: enforce });
  });

  it('refuses If-Match where no policy is set, * included', async () => {
    expect(await put(change, { 'if-match': '*' })).toMatchObject({
      status: 412,
      body: { detail: expect.stringContaining('no policy is set') },
    });
  });

  it('takes If-Match: * for whatever is in force', async () => {
    await put(change, first);
    expect(await put(change, { 'if-match': '*' })).toMatchObject({ status: 200, body: { version: 2 } });
  });

  it('lets one of two win that both read the same', async () => {
    const { etag } = await put(change, first);
    const answers = await Promise.all([1, 2].map(() => put(change, { 'if-match': etag ?? '' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
    expect((await get()).body).toMatchObject({ version: 2 });
  });

  it.each<[string, unknown, readonly string[]]>([
    ['no reason', { ...change, reason: undefined }, ['reason']],
    ['an empty reason', { ...change, reason: ' ' }, ['reason']],
    ['a reason that is a book', { ...change, reason: 'x'.repeat(501) }, ['reason']],
    ['no author', { ...change, author: undefined }, ['author']],
    ['no policy', { ...change, policy: undefined }, ['policy']],
    ['a policy without its envelope', enforce, ['policy', 'reason', 'mode', 'author']],
    ['no object', [], ['body']],
  ])('refuses a body with %s', async (_what, body, parameters) => {
    const answer = await put(body, first);
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toEqual(parameters.map((parameter) => expect.objectContaining({ parameter })));
    expect((await get()).status).toBe(404);
  });

  it('names every problem of a policy by path, with what was found and what is allowed; the old one stays', async () => {
    const { etag } = await put(change, first);
    const policy = { mode: 'Enforce', selectors: [{ cluster: '' }], ring: 1 };
    const answer = await put({ ...change, policy }, { 'if-match': etag ?? '' });
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json; charset=utf-8' });
    expect(answer.body['errors']).toEqual([
      { path: 'mode', found: '"Enforce"', allowed: '"observe" or "enforce"' },
      { path: 'selectors.0.cluster', found: '""', allowed: 'a name, with * and ? for any characters' },
      { path: 'ring', found: '1', allowed: expect.stringContaining('no field of that name') },
    ]);
    expect(await get()).toMatchObject({ etag, body: { version: 1, policy: enforce } });
  });

  it('refuses a policy that no row of the table takes', async () => {
    const selectors = Array.from({ length: 1000 }, (_, index) => ({ cluster: `a-cluster-of-a-long-name-${index}` }));
    const answer = await put({ ...change, policy: { ...enforce, selectors } }, first);
    expect(answer).toMatchObject({ status: 413, body: { detail: expect.stringContaining('at most 32768') } });
  });

  it('counts a policy that was written by hand as a version, and keeps it too', async () => {
    await writePolicy(tables, observe);
    const { etag, body } = await get();
    expect(body).toEqual({ version: 1, policy: observe, changedOutsideApi: true });
    expect(await put(change, { 'if-match': etag ?? '' })).toMatchObject({ status: 200, body: { version: 2 } });
    await writePolicy(tables, observe);
    expect((await get()).body).toEqual({ version: 3, policy: observe, changedOutsideApi: true });
    await put(change, { 'if-match': '*' });
    expect((await get('?version=3')).body).toEqual({ version: 3, policy: observe, changedOutsideApi: true });
    expect((await get()).body).toMatchObject({ version: 4 });
  });
});

it('GET /api/policy/versions pages through all of them, the newest first', async () => {
  for (let version = 1; version <= 5; version += 1) await put(change, version === 1 ? first : { 'if-match': '*' });
  const pages = await readPages(getPolicyVersions, '/api/policy/versions?code=secret&limit=2');
  expect(pages.map((page) => page.map((one) => one['version']))).toEqual([[5, 4], [3, 2], [1]]);
  expect(await call(getPolicyVersions, '/api/policy/versions?cursor=x')).toMatchObject({ status: 400 });
});

describe('rows that somebody changed by hand', () => {
  beforeEach(async () => {
    await put(change, first);
    await put({ ...change, policy: observe }, { 'if-match': '*' });
  });

  it('a deleted policy can be set anew', async () => {
    const current = await tables.get('Policy', 'policy', 'current');
    await tables.write('Policy', 'policy', [{ kind: 'delete', rowKey: 'current', etag: current?.etag ?? '' }]);
    expect(await get()).toMatchObject({ status: 404 });
    expect(await put(change, first)).toMatchObject({ status: 201, body: { version: 3 } });
  });

  const writeCurrent = (value: unknown) =>
    tables.write('Policy', 'policy', [{ kind: 'upsert', rowKey: 'current', value }]);
  const versions = async () => (await call(getPolicyVersions, '/api/policy/versions')).body['value'];
  const edited = { mode: 'enforce', overrun: 'block' };

  it('an earlier version put back is in force by nobody knows whom, and can be replaced', async () => {
    await writeCurrent((await get('?version=1')).body);
    expect((await get()).body).toEqual({ version: 3, policy: enforce, changedOutsideApi: true });
    expect(await put(change, { 'if-match': '*' })).toMatchObject({ status: 200, body: { version: 4 } });
    expect((await get('?version=1')).body).toMatchObject({ author: change.author });
  });

  it.each([
    ['its policy', { policy: edited }],
    ['its policy and its number', { policy: edited, version: 7 }],
    ['its policy, to what no number of a version is', { policy: edited, version: 2 ** 52 }],
    ['its author alone', { author: 'mallory' }],
    ['its reason alone', { reason: 'as agreed' }],
  ])('one edited in place (%s) is a version that has no author', async (_what, fields) => {
    const { body: before, etag } = await get();
    await writeCurrent({ ...before, ...fields });
    const { policy = before['policy'] } = fields as { policy?: unknown };
    const shown = await get();
    const number = shown.body['version'] as number;
    expect(shown.body).toEqual({ version: number, policy, changedOutsideApi: true });
    expect(number).toBeGreaterThan(2);
    expect(shown.etag).not.toBe(etag);
    expect(await readPolicy(tables)).toMatchObject({ policy, author: undefined });
    expect((await get('?version=2')).body).toEqual(before);

    expect(await put(change, { 'if-match': etag ?? '' })).toMatchObject({ status: 412 });
    expect(await put(change, { 'if-match': shown.etag ?? '' })).toMatchObject({ body: { version: number + 1 } });
    expect((await get(`?version=${number}`)).body).toEqual(shown.body);
    expect(await readPolicy(tables)).toMatchObject({ policy: enforce, author: change.author });
  });

  it('each of two edits is kept once, whether a pass or PUT keeps it', async () => {
    const { body: before } = await get();
    await writeCurrent({ ...before, policy: edited });
    expect(await keepHandMadePolicy(tables)).toEqual({ version: 3, policy: edited, changedOutsideApi: true });
    expect(await keepHandMadePolicy(tables)).toBeUndefined();
    const shown = await get();
    expect(shown.body).toMatchObject({ version: 3, policy: edited });
    await writeCurrent({ ...before, policy: { ...edited, overrun: 'start' } });
    expect((await get()).body).toMatchObject({ version: 4, changedOutsideApi: true });
    expect(await readPolicy(tables)).toMatchObject({ author: undefined });
    expect(await put(change, { 'if-match': '*' })).toMatchObject({ status: 200, body: { version: 5 } });
    expect(await keepHandMadePolicy(tables)).toBeUndefined();
    expect(await versions()).toMatchObject([
      { version: 5, author: change.author },
      { version: 4, changedOutsideApi: true },
      { version: 3, changedOutsideApi: true },
      { version: 2 },
      { version: 1 },
    ]);
  });

  it('a pass that keeps the edit while PUT replaces it is no conflict', async () => {
    const { body: before } = await get();
    await writeCurrent({ ...before, policy: edited });
    const { write } = tables;
    let isFirst = true;
    const racing: Tables = {
      ...tables,
      write: async (...args) => {
        if (isFirst) {
          isFirst = false;
          await keepHandMadePolicy({ ...tables, write });
        }
        return write(...args);
      },
    };
    composeAt('2026-11-21T12:00:00Z', racing);
    expect(await put(change, { 'if-match': '*' })).toMatchObject({ status: 200, body: { version: 4 } });
    expect((await get('?version=3')).body).toMatchObject({ policy: edited, changedOutsideApi: true });
  });

  it('one that fills its row is replaced all the same', async () => {
    const large = { mode: 'observe', $schema: 'x'.repeat(32_700) };
    await writeCurrent(large);
    expect(await keepHandMadePolicy(tables)).toBeUndefined();
    expect(await put(change, { 'if-match': '*' })).toMatchObject({ status: 200 });
  });
});

describe('PUT /api/policy?dryRun=true', () => {
  it('says which decisions would change, and stores nothing', async () => {
    const id = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/shop`;
    const facts = aClusterFacts({ cluster: { id } });
    const decision = aDecision({ cluster: id, nodePool: 'apps' });
    await storeDecisions(tables, subscription, [], toViews(facts.cluster, [decision]));
    const { window, latest } = facts;
    await writeFacts(tables, clusterKey(id), { readAt: at('2026-11-21T11:55:00Z'), window, latest });
    await put({ ...change, policy: observe }, first);

    const answer = await put({ policy: enforce }, {}, '?dryRun=true');
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body['value']).toEqual([
      {
        cluster: id,
        nodePool: 'apps',
        before: expect.objectContaining({ reason: 'outsideWindow', also: ['observeOnly'] }),
        after: expect.objectContaining({ verdict: 'wait', reason: 'outsideWindow', also: [] }),
      },
    ]);
    expect((await put({ policy: observe }, {}, '?dryRun=true')).body['value']).toEqual([]);
    const none = await put({ policy: { ...enforce, selectors: [] } }, {}, '?dryRun=true');
    expect(none.body['value']).toMatchObject([
      { before: { reason: 'outsideWindow' }, after: { reason: 'notSelected' } },
    ]);
    expect((await get()).body).toMatchObject({ version: 1, policy: observe });
  });

  it.each<[string, unknown, Record<string, string>, number]>([
    ['a reason that is a book', { ...change, reason: 'x'.repeat(501) }, {}, 400],
    ['an author that is none', { ...change, author: 7 }, {}, 400],
    ['a field that nobody knows', { ...change, why: 'x' }, {}, 400],
    ['a policy that is none', { ...change, policy: { mode: 'on' } }, {}, 400],
    ['another tag', change, { 'if-match': '"x"' }, 412],
    ['none expected where one is', change, first, 412],
    ['a precondition that says nothing', change, { 'if-none-match': '"x"' }, 428],
  ])('refuses, as PUT does, %s', async (_what, body, headers, status) => {
    await put(change, first);
    const dryRun = await put(body, headers, '?dryRun=true');
    expect(dryRun.status).toBe(status);
    const written = await put(body, Object.keys(headers).length === 0 ? { 'if-match': '*' } : headers);
    expect(written).toMatchObject({ status, body: dryRun.body });
  });

  it('counts the characters that PUT would store', async () => {
    const selectors = (length: number) => ({
      ...change,
      policy: { ...enforce, selectors: [{ cluster: 'a'.repeat(512) }], $schema: 'x'.repeat(length) },
    });
    const statuses = async (length: number) => [
      (await put(selectors(length), {}, '?dryRun=true')).status,
      (await put(selectors(length), { 'if-match': '*' })).status,
    ];
    await put(change, first);
    const sizes = await Promise.all(Array.from({ length: 60 }, (_, index) => statuses(31_990 + index * 5)));
    for (const [dryRun, written] of sizes) expect([200, 412].includes(written ?? 0) ? 200 : written).toBe(dryRun);
    expect(new Set(sizes.map(([dryRun]) => dryRun))).toEqual(new Set([200, 413]));
  });

  it('says at once what is wrong with the policy and with what comes with it', async () => {
    const answer = await put({ policy: { mode: 'on' }, commit: 7, why: 'x' }, first);
    const errors = answer.body['errors'] as readonly { parameter?: string; path?: string }[];
    expect(errors.map(({ parameter, path }) => parameter ?? path)).toEqual([
      'reason',
      'commit',
      'why',
      'author',
      'mode',
    ]);
    expect(answer.body['detail']).toContain('The policy in force stays.');
  });

  it('refuses what PUT would refuse', async () => {
    expect(await put({ policy: { mode: 'on' } }, {}, '?dryRun=true')).toMatchObject({
      status: 400,
      body: { title: 'The policy is not valid' },
    });
    expect(await put({}, {}, '?dryRun=true')).toMatchObject({ status: 400 });
    expect(await put(change, first, '?dryRun=yes')).toMatchObject({ status: 400 });
  });
});

describe('GET /api/policy', () => {
  it.each([
    ['', 404, 'If-None-Match: *'],
    ['?version=7', 404, 'no version 7'],
    ['?version=0', 400, 'is "0"; give a whole number from 1'],
    ['?at=now', 400, 'at is no parameter'],
  ])('%s without a policy: %i', async (query, status, detail) => {
    const answer = await get(query);
    expect(answer.status).toBe(status);
    expect(answer.body['detail']).toContain(detail);
  });

  it('shows a policy in force that is not valid: the keeper observes then', async () => {
    await tables.write('Policy', 'policy', [{ kind: 'upsert', rowKey: 'current', value: { mode: 'Enforce' } }]);
    expect((await get()).body).toEqual({ version: 1, policy: { mode: 'Enforce' }, changedOutsideApi: true });
    expect((await readPolicy(tables)).problem).toContain('mode is "Enforce"; allowed is "observe" or "enforce"');
  });
});

it('serves the JSON Schema that is in docs: npx vitest run test/functions/policy.test.ts -u writes it', async () => {
  const { body } = await call(getPolicySchema, '/api/policy/schema');
  await expect(`${JSON.stringify(body, undefined, 2)}\n`).toMatchFileSnapshot('../../docs/policy.schema.json');
  expect(z.fromJSONSchema(body as never).safeParse({ mode: 'enforce', rings: [] }).success).toBe(false);
});

it('GET /api/policy/lint tells what is odd', async () => {
  await put({ ...change, policy: { ...enforce, selectors: [{ cluster: 'shop' }] } }, first);
  const answer = await call(getPolicyLint, '/api/policy/lint');
  expect(answer).toMatchObject({
    status: 200,
    body: { value: [{ code: 'selectorMatchesNothing', path: 'selectors.0' }] },
  });
  expect(await call(getPolicyLint, '/api/policy/lint?x=1')).toMatchObject({ status: 400 });
});
