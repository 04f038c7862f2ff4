// What zod found wrong with a document that a person wrote, in words: where, what was found, what is allowed.
import { z } from 'zod';
import { isObject } from '../../shared/domain/text/anyValue.ts';

export type DocumentProblem = {
  /** `clusters[0].properties.agentPoolProfiles[1].count`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
};

export function readDocument<T>(
  schema: z.ZodType<T>,
  document: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly DocumentProblem[] } {
  const parsed = schema.safeParse(document);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, document)) };
}

export function problem(path: string, found: unknown, allowed: string): DocumentProblem {
  return { path, message: `${path || 'the document'} is ${show(found)}; allowed is ${allowed}.` };
}

function problemsOf(issue: z.core.$ZodIssue, document: unknown): readonly DocumentProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = z.core.toDotPath([...issue.path, key]);
      return { path, message: `${path} is no field of this format; take it out or correct its name.` };
    });
  }
  const found = issue.path.reduce<unknown>(
    (value, part) => (Array.isArray(value) || isObject(value) ? Reflect.get(value, part) : undefined),
    document,
  );
  return [problem(z.core.toDotPath(issue.path), found, allowedBy(issue))];
}

/** A schema's own message says what is allowed; zod's messages are reworded here. */
function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.expected === 'int') return 'a whole number';
    if (issue.expected === 'never') return issue.message;
    return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
  }
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(', ');
  if (issue.code === 'too_small') return bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum);
  if (issue.code === 'too_big') return bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum);
  if (issue.code !== 'invalid_union') return issue.message;
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  return `one of ${options.map((option) => JSON.stringify(option)).join(', ')}`;
}

function bound(origin: string, words: string, limit: number | bigint): string {
  if (origin === 'string') return `a text of ${words} ${limit} characters`;
  return origin === 'array' ? `a list of ${words} ${limit}` : `${words} ${limit}`;
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}
