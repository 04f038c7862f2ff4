// Text of anybody's as one line that shows what is in it and no secret. Called by composition.ts for all that is logged, and by adapters.

/** Control and format characters, line and paragraph separators, half surrogate pairs: what moves or hides the text around it. */
export const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

export function oneLine(text: string): string {
  return withoutSecrets(text).replaceAll(unseen, (found) => `\\u{${codeOf(found)}}`);
}

export function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}

const userAndQuery = /\b([a-z][a-z\d+.-]{0,20}:\/\/)(?:[^\s/?#"'<>@]*@)?([^\s?#"'<>]*)(\?[^\s"'<>]*)?/gi;
const keys = /\b(AccountKey|SharedAccessKey|SharedAccessSignature|sig|password|pwd)=[^\s;&"'<>]+/gi;
const bearer = /\b(Bearer|SharedKey|SharedAccessSignature)\s+[\w.~+/=:-]{16,}/gi;

/** Without the user, password and query of URLs, the keys of connection strings, and tokens. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(userAndQuery, (_all, scheme, rest, query) => `${scheme}${rest}${query ? '?…' : ''}`)
    .replaceAll(keys, '$1=…')
    .replaceAll(bearer, '$1 …');
}
