// The places of a request to an operation into which something hostile can be put. Called by drawRequest.ts.
import { z } from 'zod';
import type { NamedOperation } from '../../../shared/http/operations/operations.ts';
import { goodBodies } from './goodValues.ts';

export type Named = NamedOperation;

/** What of a request is hostile: a parameter, a field of its body, or something that it has too much. All else is good. */
export type Slot =
  | { readonly kind: 'parameter' | 'header'; readonly name: string }
  | { readonly kind: 'field'; readonly body: object; readonly path: readonly string[] }
  | { readonly kind: 'none' | 'body' | 'unknownField' | 'unknownParameter' | 'twice' };

export function slotsOf(one: Named): readonly Slot[] {
  const bodies = one.body ? [...goodBodies(one.name), one.body.example as object] : [];
  const parameters = [...pathNames(one), ...queryNames(one)];
  return [
    ...parameters.map((name) => ({ kind: 'parameter', name }) as const),
    ...Object.keys(one.headers ?? {}).map((name) => ({ kind: 'header', name }) as const),
    ...bodies.flatMap((body) => pathsIn(body).map((path) => ({ kind: 'field', body, path }) as const)),
    ...(one.body ? ([{ kind: 'body' }, { kind: 'body' }, { kind: 'unknownField' }] as const) : []),
    { kind: 'unknownParameter' },
    { kind: 'twice' },
  ];
}

const pathNames = ({ route }: Named) => [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

export function queryNames({ query }: Named): readonly string[] {
  return query ? Object.keys(z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }).properties ?? {}) : [];
}

function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    ...(path.length > 0 ? [path] : []),
    ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...path, key])),
  ];
}

export function withField(body: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(body)) return body.map((one, index) => (String(index) === key ? withField(one, rest, value) : one));
  if (typeof body !== 'object' || body === null) return body;
  return { ...body, [key]: withField((body as Record<string, unknown>)[key], rest, value) };
}
