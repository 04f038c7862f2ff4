// Who asked for a change: a header only counts where the platform, and not the caller, has set it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler as deleteApproval } from '../../functions/deleteApproval.ts';
import { handler as deleteHold } from '../../functions/deleteHold.ts';
import { handler as postApproval } from '../../functions/postApproval.ts';
import { handler as postHold } from '../../functions/postHold.ts';
import { handler as putPolicy } from '../../functions/putPolicy.ts';
import { call, composeAt } from './request.ts';

const header = 'x-ms-client-principal-name';
const grace = 'grace@example.com';
/** All that App Service authentication sets. */
const principal = {
  [header]: grace,
  'x-ms-client-principal-id': '7',
  'x-ms-client-principal-idp': 'aad',
  'x-ms-client-principal': Buffer.from(JSON.stringify({ claims: [{ typ: 'name', val: grace }] })).toString('base64'),
};
const policy = {
  mode: 'enforce',
  rings: [{ name: 'dev', selectors: [{ cluster: '*' }] }],
  approvals: { byOthers: true },
};

type Answer = Awaited<ReturnType<typeof call>>;
type Headers = Readonly<Record<string, string>>;

const put = (author: string | undefined, headers: Headers) =>
  call(putPolicy, '/api/policy', {
    method: 'PUT',
    body: { policy, reason: 'rings', author },
    headers: { 'if-match': '*', ...headers },
  });
const hold = (author: string | undefined, headers: Headers) =>
  call(postHold, '/api/holds', { body: { scope: 'fleet', owner: 'us', reason: 'sale', author }, headers });
const approve = (author: string | undefined, headers: Headers) =>
  call(postApproval, '/api/approvals', {
    body: { ring: 'dev', release: '202611.12.0', reason: 'ran', author },
    headers,
  });
const end = async (what: 'holds' | 'approvals', author: string | undefined, headers: Headers) => {
  const made = await (what === 'holds' ? hold('ada', {}) : approve('ada', {}));
  const id = String(made.body['id']);
  const query = author === undefined ? '' : `?author=${author}`;
  const handler = what === 'holds' ? deleteHold : deleteApproval;
  return call(handler, `/api/${what}/${id}${query}`, { method: 'DELETE', params: { id }, headers });
};

/** Every operation that keeps who asked for it, and the field that it keeps it in. */
const operations: readonly (readonly [
  name: string,
  ask: (author: string | undefined, headers: Headers) => Promise<Answer>,
  field: string,
])[] = [
  ['PUT /api/policy', put, 'author'],
  ['POST /api/holds', hold, 'createdBy'],
  ['DELETE /api/holds/{id}', (...asked) => end('holds', ...asked), 'liftedBy'],
  ['POST /api/approvals', approve, 'approvedBy'],
  ['DELETE /api/approvals/{id}', (...asked) => end('approvals', ...asked), 'revokedBy'],
];

async function begin(authentication: string | undefined): Promise<void> {
  if (authentication === undefined) delete process.env['WEBSITE_AUTH_ENABLED'];
  else process.env['WEBSITE_AUTH_ENABLED'] = authentication;
  composeAt('2026-11-21T12:00:00Z');
  const { status } = await call(putPolicy, '/api/policy', {
    method: 'PUT',
    body: { policy, reason: 'first', author: 'mallory' },
    headers: { 'if-none-match': '*' },
  });
  expect(status).toBe(201);
}

afterEach(() => {
  delete process.env['WEBSITE_AUTH_ENABLED'];
});

describe.each([undefined, '', 'false', 'False', '0', '1', 'yes', 'true-ish'])(
  'where WEBSITE_AUTH_ENABLED is %j, no header says who asks',
  (authentication) => {
    beforeEach(() => begin(authentication));

    it.each(operations)('%s keeps who the caller says', async (_name, ask, field) => {
      expect((await ask('ada', principal)).body).toMatchObject({ [field]: 'ada' });
    });

    it.each(operations)('%s wants an author, whatever headers come with it', async (_name, ask) => {
      const answer = await ask(undefined, principal);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ parameter: 'author' }] } });
    });

    it("the policy's author approves nothing under a header of another name", async () => {
      expect(await approve('mallory', principal)).toMatchObject({ status: 409 });
    });
  },
);

describe.each(['True', 'true', 'TRUE'])('where WEBSITE_AUTH_ENABLED is %j, the platform says who asks', (value) => {
  beforeEach(() => begin(value));

  it.each(operations)('%s keeps who is signed in, whatever the body says', async (_name, ask, field) => {
    expect((await ask('ada', principal)).body).toMatchObject({ [field]: grace });
    expect((await ask(undefined, principal)).body).toMatchObject({ [field]: grace });
  });

  it.each(['', '  '])('a request that nobody is signed in on (%j) is by who the caller says', async (name) => {
    expect((await hold('ada', { [header]: name })).body).toMatchObject({ createdBy: 'ada' });
    expect(await hold(undefined, { [header]: name })).toMatchObject({ status: 400 });
  });
});

describe('a name that looks like another', () => {
  it.each(operations)('%s takes none with a character that nobody sees, or of two scripts', async (_name, ask) => {
    for (const name of ['a\u200bda', 'ada\u202e', 'аda']) {
      expect(await ask(name, {})).toMatchObject({
        status: 400,
        body: { errors: [{ parameter: 'author' }] },
      });
    }
  });
});

it('nobody approves under their own policy by another spelling of their name', async () => {
  await put('ada lovelace', {});
  for (const name of ['ADA Lovelace', 'ａｄａ lovelace', ' ada  lovelace ', 'ada\u00a0lovelace']) {
    expect(await approve(name, {})).toMatchObject({ status: 409, body: { title: 'Somebody else must approve' } });
  }
  expect(await approve('grace', {})).toMatchObject({ status: 201 });
});
