// Paths of ARM's requests: what stands in them can't lead to another path. Called by arm.ts and capacity.ts.
import { ArmError } from '../../ports/arm.ts';

/** A path whose values are one part of it each, or of its query. @throws ArmError where one would be none, or lead up */
export function armPath(fixed: TemplateStringsArray, ...values: readonly string[]): string {
  return fixed.reduce((path, text, index) => path + encoded(values[index - 1] ?? '') + text);
}

/** The path of a whole id, as ARM gave it. */
export function pathOfId(id: string): string {
  return id
    .split('/')
    .map((part, index) => (index === 0 && part === '' ? '' : encoded(part)))
    .join('/');
}

/** `..` in a path is resolved before it is sent, encoded or not. */
function encoded(part: string): string {
  if (/^\.{0,2}$/.test(part) || !part.isWellFormed() || /[/\\\p{Cc}]/u.test(part)) {
    const message = `${JSON.stringify(part)} is no name in a path`;
    throw new ArmError('be asked', { code: 'UnexpectedAnswer', message });
  }
  return encodeURIComponent(part);
}
