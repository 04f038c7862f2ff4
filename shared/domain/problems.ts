// What is wrong with a document that people write, field by field: where, what was found, what is allowed. Its schemas give
// what is allowed as their error texts. Called by policy and hold.
import { z } from 'zod';
import { show } from './windowFields.ts';

export type Problem = {
  /** `selectors.0.cluster`; empty for the whole document. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
};

/** An object of these fields and no others. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: `an object of ${Object.keys(shape).join(', ')}` });
}

/**
 * Every problem of `document`, one a field; a field that nobody reads is one, as it may be misspelled. What is said of an
 * object is left out where something inside it is wrong already.
 */
export function toProblems(document: unknown, { issues }: z.ZodError): readonly Problem[] {
  const all = issues.flatMap(({ path, message: allowed, ...issue }) =>
    issue.code === 'unrecognized_keys' && 'keys' in issue
      ? (issue.keys as readonly string[]).map((key) => ({
          ...at(document, [...path, key]),
          allowed: `no field of that name, but ${allowed}`,
        }))
      : [{ ...at(document, path), allowed }],
  );
  const isOver = (outer: Problem, { path }: Problem) => path.startsWith(outer.path === '' ? '' : `${outer.path}.`);
  return all.filter(
    (one, index) =>
      all.findIndex(({ path }) => path === one.path) === index &&
      !all.some((other) => other.path !== one.path && isOver(one, other)),
  );
}

/** Problems on one line, for a decision's sentence, a log or a detail. */
export function describeProblems(problems: readonly Problem[], whole: string): string {
  return problems.map(({ path, found, allowed }) => `${path || whole} is ${found}; allowed is ${allowed}`).join('. ');
}

function at(document: unknown, path: readonly PropertyKey[]): Pick<Problem, 'path' | 'found'> {
  let value = document;
  for (const key of path) value = (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key];
  return { path: path.map(String).join('.'), found: value === null ? 'null' : show(value) };
}
