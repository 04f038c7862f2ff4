// App Service's managed identity endpoint, as apps in Azure find it through IDENTITY_ENDPOINT and IDENTITY_HEADER.
// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
import type { Temporal } from 'temporal-polyfill';
import { jsonAnswer } from '../http/jsonAnswer.ts';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';
import { tenantId } from '../simulator/arm/resources.ts';

export const identityPath = '/msi/token';
export const identityClientId = '72f98a3e-0000-4000-8000-0000000000c1';
const objectId = '72f98a3e-0000-4000-8000-0000000000b1';
const tokenSeconds = 86_400;

/** Gives unsigned tokens, which the simulator takes; undefined for other paths. `header` is IDENTITY_HEADER's value. */
export function answerIdentity(request: ArmRequest, header: string, now: Temporal.Instant): ArmResponse | undefined {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.replace(/\/$/, '') !== identityPath) return undefined;
  const refuse = (status: number, message: string) =>
    jsonAnswer(status, { statusCode: status, message, correlationId: crypto.randomUUID() });
  if (request.method !== 'GET') return refuse(405, `The endpoint does not take ${request.method}; use GET.`);
  const version = url.searchParams.get('api-version');
  // The older version, which azure-cli before 2.69 asks for, calls the header otherwise.
  const given = version === '2017-09-01' ? request.headers['secret'] : request.headers['x-identity-header'];
  if (version !== '2019-08-01' && version !== '2017-09-01') {
    return refuse(400, `The api-version '${version ?? ''}' is not supported; use 2019-08-01.`);
  }
  const missing = 'The header X-IDENTITY-HEADER is missing; send what IDENTITY_HEADER holds.';
  if (given === undefined) return refuse(400, missing);
  if (given !== header) return refuse(401, 'The header X-IDENTITY-HEADER is not what IDENTITY_HEADER holds.');
  const resource = url.searchParams.get('resource');
  if (!resource) return refuse(400, "The parameter 'resource' is missing.");
  const clientId = url.searchParams.get('client_id') ?? url.searchParams.get('clientid') ?? identityClientId;
  return jsonAnswer(200, {
    access_token: accessToken(resource, clientId, now),
    expires_on: String(Math.floor(now.epochMilliseconds / 1000) + tokenSeconds),
    resource,
    token_type: 'Bearer',
    client_id: clientId,
  });
}

/** In the form that Entra gives, so that clients can read it; unsigned, as nobody here checks it. */
export function accessToken(resource: string, clientId: string, now: Temporal.Instant): string {
  const issued = Math.floor(now.epochMilliseconds / 1000);
  const claims = {
    aud: resource,
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: issued,
    nbf: issued,
    exp: issued + tokenSeconds,
    appid: clientId,
    oid: objectId,
    sub: objectId,
    tid: tenantId,
    idtyp: 'app',
    ver: '1.0',
  };
  return [{ typ: 'JWT', alg: 'none' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('')
    .join('.');
}
