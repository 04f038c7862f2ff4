// App Service's managed identity endpoint: the answers that its documentation shows.
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { answerIdentity } from '../../../local/simulatorServer/identityEndpoint.ts';

const now = Temporal.Instant.from('2026-11-03T10:00:00Z');
const ask = (query: string, headers: Record<string, string>, path = '/msi/token', method = 'GET') =>
  answerIdentity({ method, url: `${path}?${query}`, headers }, 'secret', now);
const header = { 'x-identity-header': 'secret' };
const query = 'api-version=2019-08-01&resource=https://management.azure.com';

describe('the identity endpoint', () => {
  it('gives a token that holds a day', () => {
    const answer = ask(query, header);
    expect(answer?.status).toBe(200);
    const body: Record<string, string> = JSON.parse(answer?.body ?? '');
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.$/),
      expires_on: String(Date.parse('2026-11-04T10:00:00Z') / 1000),
      resource: 'https://management.azure.com',
      token_type: 'Bearer',
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const claims = JSON.parse(Buffer.from(body['access_token']?.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ aud: 'https://management.azure.com', appid: body['client_id'] });
  });

  it('names the identity that was asked for', () => {
    expect(JSON.parse(ask(`${query}&client_id=mine`, header)?.body ?? '')).toMatchObject({ client_id: 'mine' });
  });

  it('takes the older version and its header, as the Azure CLI sends them', () => {
    expect(ask('api-version=2017-09-01&resource=x', { secret: 'secret' })?.status).toBe(200);
    expect(ask('api-version=2017-09-01&resource=x', header)?.status).toBe(400);
  });

  it.each([
    ['without the header', query, {}, 'GET', 400],
    ['with another header', query, { 'x-identity-header': 'guess' }, 'GET', 401],
    ['without a resource', 'api-version=2019-08-01', header, 'GET', 400],
    ['with another version', 'api-version=2018-02-01&resource=x', header, 'GET', 400],
    ['with another method', query, header, 'POST', 405],
  ])('refuses a request %s', (_, query, headers: Record<string, string>, method, status) => {
    const answer = ask(query, headers, '/msi/token', method);
    expect(answer?.status).toBe(status);
    expect(JSON.parse(answer?.body ?? '')).toEqual({
      statusCode: status,
      message: expect.stringMatching(/\w{3}/),
      correlationId: expect.any(String),
    });
  });

  it('leaves other paths to others', () => {
    expect(ask(query, header, '/other')).toBeUndefined();
  });
});
