// Reads an object of ARM's JSON field by field: nobody vouches for what is in it. Called by armCluster.ts.
import { isObject } from '../../domain/text/anyValue.ts';
import { named } from '../../domain/text/messageOf.ts';
import { shortened } from '../../domain/text/shortened.ts';

const maxText = 2000;
const maxMessage = 4000;

/** Null, blank and absent are undefined. So is what can't be read, but `problems` names it: nobody takes it for absent. */
export type Fields = {
  readonly text: (name: string) => string | undefined;
  /** Text for people, which is cut where it is long. */
  readonly message: (name: string) => string | undefined;
  readonly count: (name: string) => number | undefined;
  readonly flag: (name: string) => boolean | undefined;
  readonly list: (name: string) => readonly unknown[] | undefined;
  readonly object: (name: string) => Fields;
  /** The objects of a list. */
  readonly objects: (name: string) => readonly Fields[];
  readonly texts: () => Readonly<Record<string, string>>;
};

/** @param path where the object stands: empty, or with a full stop at its end */
export function fieldsOf(value: unknown, problems: string[], path = ''): Fields {
  const fields = isObject(value) ? value : {};
  if (isThere(value) && !isObject(value)) problems.push(wrong(path.replace(/\.$/, ''), value, 'an object'));
  function read<T>(name: string, what: string, is: (found: unknown) => found is T): T | undefined {
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!isThere(found)) return undefined;
    if (is(found)) return found;
    problems.push(wrong(path + name, found, what));
    return undefined;
  }
  const anyText = (name: string) => read(name, 'text', (found) => typeof found === 'string');
  // What names or dates something is not cut: it would be another name.
  const text = (name: string) => {
    const found = anyText(name);
    if (found === undefined || found.length <= maxText) return found;
    problems.push(`${cut(path + name, 100)} has ${found.length} characters, more than the ${maxText} of any name`);
    return undefined;
  };
  const list = (name: string) => read(name, 'a list', (found): found is readonly unknown[] => Array.isArray(found));
  return {
    text,
    message: (name) => {
      const found = anyText(name);
      return found && shortened(found.toWellFormed(), maxMessage);
    },
    count: (name) => read(name, 'a whole number', isCount),
    flag: (name) => read(name, 'true or false', (found) => typeof found === 'boolean'),
    list,
    objects: (name) => (list(name) ?? []).map((item, index) => fieldsOf(item, problems, `${path}${name}[${index}].`)),
    object: (name) => fieldsOf(fields[name], problems, `${path}${name}.`),
    texts: () =>
      Object.fromEntries(
        Object.keys(fields).flatMap((name) => {
          const found = fields[name] === '' ? '' : text(name);
          return found === undefined ? [] : [[name, found]];
        }),
      ),
  };
}

const maxProblems = 3;

export function problemIn(problems: readonly string[]): string | undefined {
  const told = [...new Set(problems)];
  return told.length === 0 ? undefined : named(told, maxProblems);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');
}

function wrong(field: string, value: unknown, what: string): string {
  return `${cut(field, 100)} is ${cut(JSON.stringify(value), 40)}, not ${what}`;
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}
