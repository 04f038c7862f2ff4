// ARM's errors nest: codes and texts in the message, as Go prints them (`Code="X"`) or as JSON in JSON. Called by classifyFailure.
import type { ArmFailure } from './failure.ts';

const maxText = 20_000;

export function lookInside({ code, message }: ArmFailure) {
  const text = message
    .slice(0, maxText)
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

export function factIn(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1]?.trim() || undefined;
}
