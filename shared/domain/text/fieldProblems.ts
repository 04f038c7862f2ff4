// What is wrong with a document that people write, field by field; schemas give what is allowed. Called by policy and hold.
import { z } from 'zod';
import { show } from './anyValue.ts';

export type Problem = {
  /** `selectors.0.cluster`; empty for the whole document. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
};

export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: `an object of ${Object.keys(shape).join(', ')}` });
}

/** More than anybody reads at once; what is mended makes room for the rest. */
export const maxProblems = 100;

/** One a field, the first 100; none for an object that holds one. Linear in the issues, whose number the document's writer decides. */
export function toProblems(document: unknown, { issues }: z.ZodError): readonly Problem[] {
  const all = issues.flatMap(({ path, message, ...issue }) =>
    issue.code === 'unrecognized_keys' && 'keys' in issue
      ? (issue.keys as readonly string[]).map((key) => ({
          path: [...path, key],
          allowed: `no field of that name, but ${message}`,
        }))
      : [{ path, allowed: message }],
  );
  const said = new Set(all.flatMap(({ path }) => path.map((_key, length) => textOf(path.slice(0, length)))));
  const problems: Problem[] = [];
  for (const { path, allowed } of all) {
    const text = textOf(path);
    if (said.has(text)) continue;
    said.add(text);
    problems.push({ path: text, found: foundAt(document, path), allowed });
    if (problems.length === maxProblems) break;
  }
  return problems;
}

export function describeProblems(problems: readonly Problem[], whole: string): string {
  return problems.map(({ path, found, allowed }) => `${path || whole} is ${found}; allowed is ${allowed}`).join('. ');
}

function textOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function foundAt(document: unknown, path: readonly PropertyKey[]): string {
  let value = document;
  for (const key of path) value = (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key];
  return value === null ? 'null' : show(value);
}
