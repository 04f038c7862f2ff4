import { beforeEach, describe, expect, it } from 'vitest';
import { handler as deleteHold } from '../../functions/deleteHold.ts';
import { handler as getHolds } from '../../functions/getHolds.ts';
import { handler as postHold } from '../../functions/postHold.ts';
import { replaceParts } from '../../shared/composition.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { readPolicy, writePolicy } from '../../shared/stores/policyStore.ts';
import { at } from '../builders.ts';
import { call, composeAt, readPages } from './request.ts';

const hold = { scope: 'fleet', owner: 'platform team', reason: 'black friday' };
const author = 'ada@example.com';
const rings = [
  { name: 'dev', selectors: [{ cluster: 'dev-*' }] },
  { name: 'production', selectors: [{ cluster: '*' }] },
];

let tables: Tables;

const post = (body: unknown, headers = {}) => call(postHold, '/api/holds', { body, headers });
const list = async (query = '') => (await call(getHolds, `/api/holds${query}`)).body['value'];
const lift = (id: string, query = `?author=${author}`) =>
  call(deleteHold, `/api/holds/${encodeURIComponent(id)}${query}`, { method: 'DELETE', params: { id } });

beforeEach(async () => {
  tables = composeAt('2026-11-21T12:00:00Z');
  await writePolicy(tables, { mode: 'enforce', rings });
});

describe('holds over HTTP', () => {
  it.each([
    hold,
    { ...hold, from: '2026-11-27T00:00:00Z', until: '2026-11-30T00:00:00+01:00' },
    { ...hold, scope: 'ring', ring: 'Production' },
    { ...hold, scope: 'cluster', cluster: 'shop-*' },
    { ...hold, scope: 'nodePool', cluster: 'shop', nodePool: 'gpu*' },
    { ...hold, scope: 'release', release: '*-202611.12.0' },
  ])('sets, lists and lifts %o', async (asked) => {
    const set = await post({ ...asked, author });
    expect(set).toMatchObject({
      status: 201,
      body: { ...asked, createdAt: '2026-11-21T12:00:00Z', createdBy: author },
    });
    const { matches: _matches, warning: _warning, ...kept } = set.body;
    expect(await list()).toEqual([kept]);
    expect((await readPolicy(tables)).holds).toEqual([kept]);

    const lifted = await lift(String(set.body['id']));
    expect(lifted).toMatchObject({
      status: 200,
      body: { ...asked, liftedAt: '2026-11-21T12:00:00Z', liftedBy: author },
    });
    expect(await list()).toEqual([]);
    expect((await readPolicy(tables)).holds).toEqual([]);
    expect(await list('?lifted=true')).toEqual([lifted.body]);
    expect(await lift(String(set.body['id']), '?author=grace')).toEqual(lifted);
    expect(await list('?lifted=true')).toEqual([lifted.body]);
  });

  it('lifted by two at once is lifted once, and both are told by whom', async () => {
    const id = String((await post({ ...hold, author })).body['id']);
    const answers = await Promise.all(['ada', 'grace', 'linus'].map((who) => lift(id, `?author=${who}`)));
    const kept = await list('?lifted=true');
    expect(kept).toHaveLength(1);
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: (kept as object[])[0] });
  });

  it('costs what holds, not what was lifted, and forgets no failure that made a hold', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => ({
      kind: 'insert' as const,
      rowKey: `lifted|${String(index).padStart(15, '0')}|h-${index}`,
      value: {
        id: `h-${index}`,
        createdAt: '2026-11-01T00:00:00Z',
        createdBy: 'k',
        failures: index < 90 ? [`f-${index}`] : undefined,
      },
    }));
    for (let start = 0; start < rows.length; start += 100)
      await tables.write('Policy', 'holds', rows.slice(start, start + 100));
    const counted = (await readPolicy(tables)).countedFailures;
    expect(new Set(counted)).toEqual(new Set(Array.from({ length: 90 }, (_, index) => `f-${index}`)));

    let read = 0;
    const counting: Tables = {
      ...tables,
      query: async function* (...args) {
        for await (const row of tables.query(...args)) {
          read += 1;
          yield row;
        }
      },
    };
    expect((await readPolicy(counting)).countedFailures?.toSorted()).toEqual(counted?.toSorted());
    expect(read).toBeLessThan(30);
    await tables.write('Policy', 'holds', [
      {
        kind: 'insert',
        rowKey: 'lifted|000000000000003|late',
        value: { id: 'late', createdAt: '', createdBy: '', failures: ['late'] },
      },
    ]);
    expect((await readPolicy(tables)).countedFailures).toContain('late');
  });

  it.each<[string, object, readonly string[]]>([
    ['no scope', { scope: undefined }, ['scope']],
    ['a scope that nobody knows', { scope: 'node' }, ['scope']],
    ['no ring', { scope: 'ring' }, ['ring']],
    ['a ring that the policy does not have', { scope: 'ring', ring: 'prod' }, ['ring']],
    ['no cluster where the scope is one', { scope: 'cluster' }, ['cluster']],
    ['a cluster where the scope is the fleet', { cluster: 'shop' }, ['cluster']],
    ['no pool', { scope: 'nodePool', cluster: 'shop' }, ['nodePool']],
    ['an empty release', { scope: 'release', release: '' }, ['release']],
    ['nobody to ask and no reason', { owner: ' ', reason: '' }, ['owner', 'reason']],
    ['a misspelled end', { untill: '2026-12-01T00:00:00Z' }, ['untill']],
    ['an end that is no instant', { until: '2026-12-01' }, ['until']],
    ['an end that is past', { until: '2026-11-21T12:00:00Z' }, ['until']],
    ['an end of a year that no text names', { until: '9999-12-31T23:59:59-14:00' }, ['until']],
    ['an end of more digits than a clock has', { until: `2026-12-01T00:00:00.${'0'.repeat(30)}Z` }, ['until']],
    ['a release that no image has', { scope: 'release', release: '2'.repeat(201) }, ['release']],
    [
      'nothing of what every scope has',
      { scope: 'x', owner: '', until: '2026-01-01T00:00:00Z' },
      ['scope', 'owner', 'until'],
    ],
    ['nothing right at all', { scope: 'ring', ring: 'prod', owner: 7, untill: 1 }, ['owner', 'untill', 'ring']],
    ['an end before its beginning', { from: '2026-12-02T00:00:00Z', until: '2026-12-01T00:00:00Z' }, ['until']],
  ])('refuses a hold with %s', async (_what, fields, paths) => {
    const answer = await post({ ...hold, author, ...fields });
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json; charset=utf-8' });
    const errors = answer.body['errors'] as readonly { path: string; found: string; allowed: string }[];
    expect(errors.map(({ path }) => path)).toEqual(paths);
    for (const { found, allowed } of errors) expect([found, allowed]).not.toContain('');
    expect(await list()).toEqual([]);
  });

  it('says at once what is wrong with the hold and with its author', async () => {
    const answer = await post({ scope: 'fleet', owner: 'us', author: 'a'.repeat(201) });
    const errors = answer.body['errors'] as readonly { parameter?: string; path?: string }[];
    expect([answer.status, errors.map(({ parameter, path }) => parameter ?? path)]).toEqual([
      400,
      ['author', 'reason'],
    ]);
    const unsigned = await post('{"scope":"fleet","owner":"us","reason":"sale","__proto__":{"a":1}}');
    expect((unsigned.body['errors'] as unknown[]).length).toBe(2);
    expect(await list()).toEqual([]);
  });

  it('names the rings that there are, and lets nothing but a ring hang on the policy', async () => {
    const onRing = { ...hold, scope: 'ring', ring: 'prod', author };
    expect((await post(onRing)).body['detail']).toBe(
      'ring is "prod"; allowed is a ring of the policy in force: dev, production.',
    );
    await writePolicy(tables, { mode: 'enforce' });
    expect((await post(onRing)).body['detail']).toContain('a ring of the policy in force, which has none');
    expect(await post({ ...hold, author })).toMatchObject({ status: 201 });
  });

  it('wants to know who', async () => {
    expect(await post(hold)).toMatchObject({ status: 400, body: { errors: [{ parameter: 'author' }] } });
    const set = await post({ ...hold, author });
    expect(set.body).toMatchObject({ createdBy: author });
    expect(await lift(String(set.body['id']), '')).toMatchObject({ status: 400 });
    expect(await list()).toHaveLength(1);
  });

  it.each(['nobody', 'a/b', ' ', '../policy'])('knows no hold "%s"', async (id) => {
    expect(await lift(id)).toMatchObject({ status: 404, body: { detail: expect.stringContaining('GET /api/holds') } });
  });

  it.each([
    ['those that hold, the oldest first', false, ['first', 'second', 'third', 'fourth', 'fifth']],
    ['those that were lifted, the newest first', true, ['fifth', 'fourth', 'third', 'second', 'first']],
  ])('pages through %s', async (_what, isLifted, expected) => {
    const ids: string[] = [];
    for (const [index, reason] of ['first', 'second', 'third', 'fourth', 'fifth'].entries()) {
      replaceParts({ tables, clock: { now: () => at(`2026-11-21T12:00:0${index}Z`) } });
      ids.push(String((await post({ ...hold, reason, author })).body['id']));
    }
    for (const [index, id] of ids.entries()) {
      replaceParts({ tables, clock: { now: () => at(`2026-11-21T13:00:0${index}Z`) } });
      if (isLifted) await lift(id);
    }
    const pages = await readPages(getHolds, `/api/holds?limit=2&code=secret${isLifted ? '&lifted=true' : ''}`);
    expect(pages.map((page) => page.map((one) => one['reason']))).toEqual([
      expected.slice(0, 2),
      expected.slice(2, 4),
      expected.slice(4),
    ]);
  });

  it('leads nowhere else by a cursor that somebody made up', async () => {
    const set = await post({ ...hold, author });
    const cursor = Buffer.from(JSON.stringify({ key: `active|${String(set.body['id'])}` })).toString('base64url');
    expect((await call(getHolds, `/api/holds?lifted=true&cursor=${cursor}`)).status).toBe(400);
    expect((await call(getHolds, '/api/holds?cursor=x')).body['detail']).toContain('follow nextLink as it is');
  });

  it('starts nothing while a hold can not be read', async () => {
    await tables.write('Policy', 'holds', [{ kind: 'insert', rowKey: 'active|1', value: { scope: 'fleet' } }]);
    expect((await readPolicy(tables)).problem).toContain('active|1');
  });
});
