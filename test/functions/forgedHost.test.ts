import { afterEach, expect, it } from 'vitest';
import { handler as getHolds } from '../../functions/getHolds.ts';
import { handler as getOpenApi } from '../../functions/getOpenApi.ts';
import { handler as postHold } from '../../functions/postHold.ts';
import { toPage } from '../../shared/http/jsonAnswer.ts';
import { call, composeAt } from './request.ts';

const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
const hold = { scope: 'fleet', owner: 'platform team', reason: 'sales', author: 'ada' };

afterEach(() => {
  delete process.env['PUBLIC_URL'];
  delete process.env['WEBSITE_HOSTNAME'];
});

/** The links that answers hold when a request says that it came by way of another host. */
async function links(settings: Readonly<Record<string, string>>, path = '/api/holds') {
  Object.assign(process.env, settings);
  composeAt('2026-11-21T12:00:00Z');
  await call(postHold, '/api/holds', { body: hold });
  await call(postHold, '/api/holds', { body: hold });
  const { body } = await call(getHolds, `https://evil.example${path}?limit=1&code=key`, { headers: forged });
  const api = await call(getOpenApi, 'https://evil.example/api/openapi.json', { headers: forged });
  return { nextLink: String(body['nextLink']), servers: api.body['servers'] };
}

it.each([
  [
    'PUBLIC_URL',
    { PUBLIC_URL: 'https://keeper.example/', WEBSITE_HOSTNAME: 'a.azurewebsites.net' },
    'https://keeper.example',
  ],
  ['the platform', { WEBSITE_HOSTNAME: 'a.azurewebsites.net' }, 'https://a.azurewebsites.net'],
])('links begin with what %s says, whatever a request says of its host', async (_who, settings, expected) => {
  const { nextLink, servers } = await links(settings);
  expect(nextLink.startsWith(`${expected}/api/holds?limit=1&cursor=`)).toBe(true);
  expect(servers).toEqual([{ url: expected }]);
  const { body } = await call(getHolds, nextLink);
  expect(body).toMatchObject({ value: [{ owner: 'platform team' }] });
});

it('links are paths where nobody says, and name no host by two slashes either', async () => {
  const { nextLink, servers } = await links({});
  expect(nextLink).toMatch(/^\/api\/holds\?limit=1&cursor=/);
  expect(servers).toEqual([{ url: '/' }]);
  const request = { url: 'https://keeper.example//evil.example/api/holds' };
  expect(toPage({ request, parts: {} }, { values: [], next: 'x' }).nextLink).toMatch(/^\/evil\.example\/api\/holds\?/);
});
