// App Service's managed identity endpoint, as apps in Azure find it through IDENTITY_ENDPOINT and IDENTITY_HEADER.
// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
import type { Temporal } from 'temporal-polyfill';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';
import { accessToken, identityClientId, tokenSeconds } from './accessToken.ts';
import { jsonAnswer } from './jsonAnswer.ts';

/** The path of IDENTITY_ENDPOINT. */
export const identityPath = '/msi/token';

/** Gives tokens that say nothing and that the simulator takes; undefined for other paths. `header` is what IDENTITY_HEADER holds. */
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
  if (given === undefined)
    return refuse(400, 'The header X-IDENTITY-HEADER is missing; send what IDENTITY_HEADER holds.');
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
