// Access tokens in the form that Entra gives them, so that clients can read them; unsigned, as nobody here checks them.
import type { Temporal } from 'temporal-polyfill';
import { tenantId } from '../simulator/arm/resources.ts';

/** The client id of the system-assigned identity. */
export const identityClientId = '72f98a3e-0000-4000-8000-0000000000c1';
const objectId = '72f98a3e-0000-4000-8000-0000000000b1';

/** How long a token holds: a day, as for managed identities. */
export const tokenSeconds = 86_400;

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
