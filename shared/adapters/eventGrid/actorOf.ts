// Who sent a request, by the claims of its token as a resource event carries them. Called by evidenceEvents.ts.
import type { Actor } from '../../domain/ledger/entryParts.ts';
import type { Fields } from '../../domain/text/anyValue.ts';
import { shortened } from '../../domain/text/shortened.ts';
import { fieldOf, objectOf, textOf, wordsOf } from './looseJson.ts';

const longestName = 500;
const schema = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';

/** A person has a sign-in name or a name; a token without both is an application's. */
export function actorOf(data: Fields): Actor | undefined {
  const claims = objectOf(data['claims']) ?? objectOf(fieldOf(data['identity'], 'claims')) ?? {};
  const first = (...names: readonly string[]) => names.map((name) => textOf(fieldOf(claims, name))).find(Boolean);
  const application = first('appid', 'azp', 'client_id');
  const caller = textOf(data['caller']);
  const signIn =
    first('upn', `${schema}upn`, 'unique_name', 'preferred_username', 'email', `${schema}emailaddress`) ??
    (caller?.includes('@') ? caller : undefined);
  const name = first('name', `${schema}name`);
  const correlationId = wordsOf(data['correlationId'], 200);
  const isApplication = first('idtyp')?.toLowerCase() === 'app';
  if (!isApplication && (signIn || name)) return { kind: 'person', name: together(name, signIn), correlationId };
  const id = application ?? first('oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier') ?? caller;
  const title = first('app_displayname') ?? (isApplication ? name : undefined);
  return id || title ? { kind: 'application', name: together(title, id), correlationId } : undefined;
}

function together(name: string | undefined, id: string | undefined): string {
  return shortened(name && id && name !== id ? `${name} (${id})` : (name ?? id ?? ''), longestName);
}
