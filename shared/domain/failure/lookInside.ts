// ARM's errors nest: a general code on the outside, and in the message other codes and texts, as Go prints them
// (`Code="X" Message="Y"`), or as JSON in JSON with its quotes escaped once more at each level. Called by classifyFailure.
import type { ArmFailure } from './failure.ts';

export type Inside = {
  /** Every code, the outer one first, in lower case. */
  readonly codes: readonly string[];
  /** The message in one line, without escapes. */
  readonly text: string;
};

/** What stands further behind says nothing that came not before. */
const longestText = 20_000;

/** Never throws, and takes time in proportion to the text, whatever it is. */
export function lookInside({ code, message }: ArmFailure): Inside {
  const text = message
    .slice(0, longestText)
    // However many levels of JSON deep: one backslash for a run of them.
    .replaceAll(/\\+/g, '\\')
    .replaceAll(/\\[rnt]/g, ' ')
    .replaceAll('\\', '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  // Code="X", "code":"X", SubCode: X, (X).
  const named = [...text.matchAll(/code"? ?[:=] ?"?(?<code>\w{3,80})|\((?<code2>[A-Z]\w{2,80})\)/gi)];
  const codes = named.map(({ groups }) => groups?.['code'] ?? groups?.['code2'] ?? '');
  return { codes: [code, ...codes].map((one) => one.trim().toLowerCase()), text };
}

/** The first group of the pattern, or undefined. */
export function factIn(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1]?.trim() || undefined;
}
