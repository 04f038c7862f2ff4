// Names of people: which are one person's, and which nobody may sign with. Called by approvals, holds and the requests.
import { codeOf, unseen } from './oneLine.ts';

/** Cyrillic and Greek letters, in lower case, and below each the Latin one that it or its capital looks like. */
const [lookAlikes, latin] = ['авсенһіјкморѕтухԁԛԝѵӏαβεηικμνορτυχζ', 'abcehhijkmopstyxdqwvlabehikmvoptyxz'];
/** True where people can't tell the names apart: by width, case, spaces, characters that can't be seen, or letters of another script. */
export function isSamePerson(one: string, other: string): boolean {
  return seenAs(one) === seenAs(other);
}

function seenAs(name: string): string {
  // Upper case first: it spells out what lower case alone keeps apart, as in ß and ſ.
  const folded = name.normalize('NFKC').replaceAll(unseen, '').toUpperCase().toLowerCase().normalize('NFKC');
  return folded
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replaceAll(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => latin[lookAlikes.indexOf(letter)] ?? letter);
}

/** Why nobody may sign by this name, as the rest of the sentence "author …"; undefined where they may. */
export function nameProblem(name: string): string | undefined {
  const [hidden] = name.match(unseen) ?? [];
  if (hidden)
    return `holds a character that can't be seen, U+${codeOf(hidden).toUpperCase()}; give the name without it`;
  const mixed = name
    .split(/\s+/u)
    .some((word) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word));
  return mixed ? 'mixes Latin with Cyrillic or Greek letters; give each word of it in one script' : undefined;
}
