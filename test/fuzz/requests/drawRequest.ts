// Draws requests to every operation of the table: good ones, and such as are made to break it. Called by fuzzRequests.ts.
import * as fc from 'fast-check';
import { z } from 'zod';
import type { Operation } from '../../../shared/http/operations/operation.ts';
import { operations } from '../../../shared/http/operations/operations.ts';
import { goodBodies, goodValues } from './goodValues.ts';
import { hostileBody, hostileHeader, hostileJson, hostileText, unknownName } from './hostileValues.ts';
import type { RawRequest } from './sendRaw.ts';

export type DrawnRequest = RawRequest & {
  /** The name of the operation that it is for; undefined: for none. */
  readonly operation?: string;
  /** Holds what no operation takes, so that it may not succeed. */
  readonly mustFail: boolean;
};

type Named = Operation & { readonly name: string };

/** Half of them are good, so that writes happen and lists have pages. */
const mostly = <T>(good: fc.Arbitrary<T>, hostile: fc.Arbitrary<T>, weight = 5) =>
  fc.oneof({ weight, arbitrary: good }, { weight: 1, arbitrary: hostile });

const encoded = (text: fc.Arbitrary<string>) => text.map((one) => encodeURIComponent(one.toWellFormed()));
/** Percent-encodings that do not decode, or to what nobody expects. */
const undecoded = fc.constantFrom(
  '%',
  '%zz',
  '%ff',
  '%c0%af',
  '%u0041',
  '%ed%a0%80',
  '%2e%2e',
  'a%00b',
  '%2F',
  '%252f',
);

const aValue = (name: string, operation: string) =>
  // The marks of what answers have given are not encoded.
  mostly(
    fc.constantFrom(...goodValues(name, operation)).map((one) => (one.startsWith('«') ? one : encodeURIComponent(one))),
    fc.oneof({ weight: 5, arbitrary: encoded(hostileText) }, { weight: 1, arbitrary: undecoded }),
    3,
  );

function pathOf({ name, route }: Named): fc.Arbitrary<string> {
  const parts = route.split('/').map((part) => {
    const parameter = /^\{(\w+)\}$/.exec(part)?.[1];
    return parameter === undefined ? fc.constant(part) : aValue(parameter, name);
  });
  return fc.tuple(...parts).map((some) => `/api/${some.join('/')}`);
}

function queryOf({ name, query = z.strictObject({}) }: Named) {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' });
  const known = Object.keys(properties).map((one) =>
    fc.option(aValue(one, name), { freq: 1 }).map((value) => (value === null ? [] : [`${one}=${value}`])),
  );
  const odd = fc.oneof(
    encoded(unknownName).map((one) => [`${one}=1`]),
    fc.constantFrom(...Object.keys(properties), 'x').map((one) => [`${one}=1`, `${one}=1`]),
  );
  return fc
    .record({ given: fc.tuple(...known), more: mostly(fc.constant<string[]>([]), odd, 9) })
    .map(({ given, more }) => {
      const pairs = [...given.flat(), ...more];
      return { text: pairs.length === 0 ? '' : `?${pairs.join('&')}`, mustFail: more.length > 0 };
    });
}

/** A good body of which a field, however deep, is another one. */
const spoiled = (body: object) =>
  fc
    .record({
      paths: fc.array(fc.constantFrom(...pathsIn(body)), { minLength: 1, maxLength: 3 }),
      value: fc.option(hostileJson),
    })
    .map(({ paths, value }) => paths.reduce((one, path) => withField(one, path, value ?? undefined), body as unknown));

const withUnknown = (body: object) =>
  unknownName.map((name) => JSON.stringify(Object.fromEntries([...Object.entries(body), [name, 1]])));

function bodyOf({ name, body }: Named) {
  const none = fc.constant<{ text?: string; mustFail: boolean }>({ mustFail: false });
  if (!body) return none;
  const good = fc.constantFrom(...goodBodies(name), body.example as object);
  const asIs = (text: string) => ({ text, mustFail: false });
  return fc.oneof<fc.Arbitrary<{ text?: string; mustFail: boolean }>[]>(
    good.map((one) => asIs(JSON.stringify(one))),
    good.map((one) => asIs(JSON.stringify(one))),
    good.chain(spoiled).map((one) => asIs(JSON.stringify(one))),
    good.chain(withUnknown).map((text) => ({ text, mustFail: true })),
    hostileBody.map(asIs),
  );
}

const others: readonly (readonly [string, string])[] = [
  ['content-type', 'text/plain'],
  ['content-encoding', 'gzip'],
  ['accept', 'image/png'],
  ['expect', '100-continue'],
  ['x-ms-client-principal-name', 'mallory'],
  ['x-ms-invocation-id', '1'],
  ['x-http-method-override', 'DELETE'],
  ['traceparent', '00-x'],
  ['x-forwarded-host', 'evil.example'],
  ['upgrade', 'h2c'],
];

function headersOf({ headers = [] }: Named) {
  const own = headers.map((name) => {
    const good = fc.constantFrom(...(name === 'if-match' ? ['«etag»', '«etag»', '*'] : ['*']));
    return fc
      .option(mostly(good, hostileHeader), { freq: name === 'if-match' ? 3 : 1 })
      .map((value) => ({ name, value }));
  });
  return fc
    .record({ own: fc.tuple(...own), other: fc.option(fc.constantFrom(...others), { freq: 1 }) })
    .map(({ own: given, other }) => [
      ['x-functions-key', '«key»'] as const,
      ...given.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])),
      ...(other ? [other] : []),
    ]);
}

const toOperation = (one: Named): fc.Arbitrary<DrawnRequest> =>
  fc
    .record({ path: pathOf(one), query: queryOf(one), body: bodyOf(one), headers: headersOf(one) })
    .map(({ path, query, body, headers }) => ({
      operation: one.name,
      method: one.method,
      target: path + query.text,
      headers,
      body: body.text,
      mustFail: query.mustFail || body.mustFail,
    }));

/** For no operation, without a key, or for no host. */
const toNone: fc.Arbitrary<DrawnRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PATCH', 'OPTIONS', 'TRACE', 'FOO'),
    target: fc.constantFrom(
      '/',
      '*',
      '//',
      '/api',
      '/api/',
      '/api/nothing',
      '/api/policy/../../x',
      '/admin/x',
      '/runtime/x',
      '/api/%',
      'x',
      'http://evil/api/none',
      '/?',
    ),
    host: fc.constantFrom('localhost', '', 'a b', 'x:y', '[::1', 'a/b', '\u00e9'),
  })
  .map(({ method, target, host }) => ({ method, target, headers: [['host', host]], mustFail: true }));

export const aRequest: fc.Arbitrary<DrawnRequest> = fc.oneof(
  { weight: 30, arbitrary: fc.oneof(...operations.map(toOperation)) },
  { weight: 1, arbitrary: toNone },
);

function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    ...(path.length > 0 ? [path] : []),
    ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...path, key])),
  ];
}

function withField(body: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(body)) return body.map((one, index) => (String(index) === key ? withField(one, rest, value) : one));
  if (typeof body !== 'object' || body === null) return body;
  return { ...body, [key]: withField((body as Record<string, unknown>)[key], rest, value) };
}
