import { beforeEach, describe, expect, it } from 'vitest';
import { handler as deleteApproval } from '../../functions/deleteApproval.ts';
import { handler as getApprovals } from '../../functions/getApprovals.ts';
import { handler as postApproval } from '../../functions/postApproval.ts';
import { handler as putPolicy } from '../../functions/putPolicy.ts';
import { replaceParts } from '../../shared/composition.ts';
import type { Tables } from '../../shared/ports/tables.ts';
import { readPolicy, writePolicy } from '../../shared/stores/policyStore.ts';
import { at } from '../builders.ts';
import { call, composeAt, readPages } from './request.ts';

const rings = [
  { name: 'dev', selectors: [{ cluster: 'dev-*' }] },
  { name: 'production', selectors: [{ cluster: '*' }], approval: true },
];
const approval = { ring: 'production', release: '202611.12.0', reason: 'a week in staging' };
const author = 'ada@example.com';

let tables: Tables;

const post = (body: unknown, headers = {}) => call(postApproval, '/api/approvals', { body, headers });
const list = async (query = '') => (await call(getApprovals, `/api/approvals${query}`)).body['value'];
const revoke = (id: string, query = `?author=${author}`) =>
  call(deleteApproval, `/api/approvals/${encodeURIComponent(id)}${query}`, { method: 'DELETE', params: { id } });
const put = (policy: unknown, by: string) =>
  call(putPolicy, '/api/policy', {
    method: 'PUT',
    headers: { 'if-match': '*' },
    body: { policy, reason: 'test', author: by },
  });

beforeEach(async () => {
  tables = composeAt('2026-11-21T12:00:00Z');
  await writePolicy(tables, { mode: 'enforce', rings });
});

describe('approvals over HTTP', () => {
  it.each([
    approval,
    { ...approval, ring: 'Production' },
    { ...approval, release: 'AKSUbuntu-2204gen2containerd-202611.12.0' },
    { ...approval, release: 'AKSUbuntu:2204gen2containerd:202611.12.0' },
    { ...approval, release: '20348.4294.251112' },
  ])('gives, lists and revokes %o', async (asked) => {
    const given = await post({ ...asked, author });
    expect(given).toMatchObject({
      status: 201,
      body: { ...asked, approvedAt: '2026-11-21T12:00:00Z', approvedBy: author },
    });
    const { matches: _matches, warning: _warning, ...kept } = given.body;
    expect(await list()).toEqual([kept]);
    expect((await readPolicy(tables)).approvals).toEqual([kept]);

    const revoked = await revoke(String(given.body['id']), '?author=grace');
    expect(revoked).toMatchObject({
      status: 200,
      body: { ...kept, revokedAt: '2026-11-21T12:00:00Z', revokedBy: 'grace' },
    });
    expect(await list()).toEqual([]);
    expect((await readPolicy(tables)).approvals).toEqual([]);
    expect(await list('?revoked=true')).toEqual([revoked.body]);
    expect(await revoke(String(given.body['id']))).toEqual(revoked);
  });

  it.each<[string, object, readonly string[]]>([
    ['no ring', { ring: undefined }, ['ring']],
    ['a ring that can have no such name', { ring: '*' }, ['ring']],
    ['a ring that the policy does not have', { ring: 'prod' }, ['ring']],
    ['no release', { release: undefined }, ['release']],
    ['a release that is none', { release: 'latest' }, ['release']],
    ['a release of a day that does not exist', { release: '202613.40.0' }, ['release']],
    ['more than one release', { release: 'AKSUbuntu-*-202611.12.0' }, ['release']],
    ['no reason', { reason: ' ' }, ['reason']],
    ['an end, which approvals have not', { until: '2026-12-01T00:00:00Z' }, ['until']],
  ])('refuses an approval with %s', async (_what, fields, paths) => {
    const answer = await post({ ...approval, author, ...fields });
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json; charset=utf-8' });
    const errors = answer.body['errors'] as readonly { path: string; found: string; allowed: string }[];
    expect(errors.map(({ path }) => path)).toEqual(paths);
    for (const { found, allowed } of errors) expect([found, allowed]).not.toContain('');
    expect(await list()).toEqual([]);
  });

  it('names the rings that there are', async () => {
    expect((await post({ ...approval, ring: 'prod', author })).body['detail']).toBe(
      'ring is "prod"; allowed is a ring of the policy in force: dev, production.',
    );
  });

  it('wants to know who', async () => {
    expect(await post(approval)).toMatchObject({ status: 400, body: { errors: [{ parameter: 'author' }] } });
    const given = await post({ ...approval, author });
    expect(given.body).toMatchObject({ approvedBy: author });
    expect(await revoke(String(given.body['id']), '')).toMatchObject({ status: 400 });
    expect(await list()).toHaveLength(1);
  });

  it.each([
    ['no JSON', '{', 'The body is not JSON'],
    ['no object', '[]', 'give an approval: an object of ring, release, reason and author'],
  ])('refuses a body that is %s', async (_what, body, detail) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body['detail']).toContain(detail);
  });

  it.each(['nobody', 'a/b', ' ', '../policy'])('knows no approval "%s"', async (id) => {
    expect(await revoke(id)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('GET /api/approvals') },
    });
  });

  it.each([
    ['those that stand, the oldest first', false, ['first', 'second', 'third']],
    ['those that were revoked, the newest first', true, ['third', 'second', 'first']],
  ])('pages through %s', async (_what, isRevoked, expected) => {
    for (const [index, reason] of ['first', 'second', 'third'].entries()) {
      replaceParts({ tables, clock: { now: () => at(`2026-11-21T12:00:0${index}Z`) } });
      const { id } = (await post({ ...approval, reason, author })).body;
      if (isRevoked) await revoke(String(id));
    }
    const pages = await readPages(
      getApprovals,
      `/api/approvals?limit=2&code=secret${isRevoked ? '&revoked=true' : ''}`,
    );
    expect(pages.map((page) => page.map((one) => one['reason']))).toEqual([expected.slice(0, 2), expected.slice(2)]);
  });
});

describe('where the policy wants an approver who is not its last author', () => {
  const byOthers = { mode: 'enforce', rings, approvals: { byOthers: true } };

  it('refuses its last author, in any case, and takes others', async () => {
    await put(byOthers, author);
    expect(await post({ ...approval, author: 'Ada@Example.com' })).toMatchObject({
      status: 409,
      type: 'application/problem+json; charset=utf-8',
      body: { title: 'Somebody else must approve', detail: expect.stringContaining('Let somebody else approve.') },
    });
    expect(await post({ ...approval, author: 'grace' })).toMatchObject({ status: 201 });
    // Whoever edits the policy may not approve under it, be it that he could before.
    await put(byOthers, 'grace');
    expect(await post({ ...approval, author: 'grace' })).toMatchObject({ status: 409 });
    expect(await post({ ...approval, author })).toMatchObject({ status: 201 });
  });

  it('refuses everybody while nobody knows its last author', async () => {
    await writePolicy(tables, byOthers);
    expect(await post({ ...approval, author })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('PUT /api/policy. Do that first.') },
    });
    expect(await list()).toEqual([]);
  });

  it('lets the author approve where the policy does not ask for it', async () => {
    await put({ ...byOthers, approvals: { byOthers: false } }, author);
    expect(await post({ ...approval, author })).toMatchObject({ status: 201 });
  });
});
