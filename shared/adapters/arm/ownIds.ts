// What the keeper's own identity goes by, as its token for ARM tells. Used by arm.ts.
import { isGuid } from '../../domain/text/guid.ts';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import type { Arm } from '../../ports/arm.ts';
import { fieldOf, textOf } from '../eventGrid/looseJson.ts';
import type { ArmOptions } from './armClient.ts';

/** The ids of the application and of its service principal. None where the token can't be had or read: it is opaque by contract. */
export function createOwnIds({ credential, endpoint }: ArmOptions): Arm['ownIds'] {
  return async () => {
    const token = await credential.getToken(`${endpoint}/.default`).catch(() => null);
    const payload = Buffer.from(token?.token.split('.')[1] ?? '', 'base64url').toString();
    const claims = jsonIn(payload);
    const ids = ['appid', 'azp', 'oid'].flatMap((name) => textOf(fieldOf(claims, name)) ?? []);
    return ids.filter((id) => isGuid(id));
  };
}
