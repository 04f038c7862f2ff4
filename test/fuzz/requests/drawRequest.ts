// Draws requests to every operation of the table: good ones, and such as are made to break it. Called by fuzzRequests.ts.
import * as fc from 'fast-check';
import { operations } from '../../../shared/http/operations/operations.ts';
import { goodBodies, goodValues } from './goodValues.ts';
import { hostileBody, hostileJson } from './hostileBodies.ts';
import { hostileFor, hostileHeader, otherHeaders, undecoded, unknownName } from './hostileValues.ts';
import type { RawRequest } from './sendRaw.ts';
import { type Named, queryNames, type Slot, slotsOf, withField } from './slots.ts';

export type DrawnRequest = RawRequest & {
  /** The name of the operation that it is for; undefined: for none. */
  readonly operation?: string;
  /** Holds what no operation takes, so that it may not succeed. */
  readonly mustFail: boolean;
};

const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
function aValue(name: string, operation: string, slot: Slot): fc.Arbitrary<string> {
  if (slot.kind === 'parameter' && slot.name === name) {
    return fc.oneof({ weight: 7, arbitrary: hostileFor(name).map(encoded) }, { weight: 1, arbitrary: undecoded });
  }
  // The marks of what answers have given are not encoded.
  return fc.constantFrom(...goodValues(name, operation)).map((one) => (one.startsWith('«') ? one : encoded(one)));
}

function pathOf({ name, route }: Named, slot: Slot): fc.Arbitrary<string> {
  const parts = route.split('/').map((part) => {
    const parameter = /^\{(\w+)\}$/.exec(part)?.[1];
    return parameter === undefined ? fc.constant(part) : aValue(parameter, name, slot);
  });
  return fc.tuple(...parts).map((some) => `/api/${some.join('/')}`);
}

function queryOf(one: Named, slot: Slot): fc.Arbitrary<string> {
  const given = queryNames(one).map((name) => {
    const pair = aValue(name, one.name, slot).map((value) => [`${name}=${value}`]);
    const isSpoiled = slot.kind === 'parameter' && slot.name === name;
    // Who asks is given nearly always, so that writes happen.
    if (isSpoiled) return pair;
    return fc.oneof(
      { weight: name === 'author' ? 20 : slot.kind === 'none' ? 4 : 1, arbitrary: pair },
      { weight: 6, arbitrary: fc.constant<string[]>([]) },
    );
  });
  const more =
    slot.kind === 'unknownParameter'
      ? unknownName.map((name) => [`${encoded(name)}=1`])
      : fc.constant(slot.kind === 'twice' ? ['x=1', 'x=1'] : []);
  return fc.tuple(...given, more).map((some) => (some.flat().length === 0 ? '' : `?${some.flat().join('&')}`));
}

function bodyOf({ name, body }: Named, slot: Slot): fc.Arbitrary<string | undefined> {
  if (!body) return fc.constant(undefined);
  const good = fc.constantFrom(...goodBodies(name), body.example as object);
  if (slot.kind === 'body') return hostileBody;
  if (slot.kind === 'field') {
    const { body: whole, path } = slot;
    return fc
      .option(hostileJson, { freq: 6 })
      .map((value) => JSON.stringify(withField(whole, path, value ?? undefined)));
  }
  const more = slot.kind === 'unknownField' ? unknownName.map((name) => [[name, 1]]) : fc.constant([]);
  return fc
    .tuple(good, more)
    .map(([one, some]) => JSON.stringify(Object.fromEntries([...Object.entries(one), ...some])));
}

function headersOf({ headers = {} }: Named, slot: Slot) {
  const own = Object.keys(headers).map((name) => {
    if (slot.kind === 'header' && slot.name === name) return hostileHeader.map((value) => [[name, value] as const]);
    const good = name === 'if-match' ? ['«etag»', '«etag»', '*'] : ['*'];
    const given = fc.constantFrom(...good).map((value) => [[name, value] as const]);
    return fc.oneof(
      { weight: name === 'if-match' ? 4 : 1, arbitrary: given },
      { weight: 1, arbitrary: fc.constant([]) },
    );
  });
  const other = fc.option(fc.constantFrom(...otherHeaders), { freq: 1 }).map((one) => (one ? [one] : []));
  return fc.tuple(...own, other).map((some) => [['x-functions-key', '«key»'] as const, ...some.flat()]);
}

const mayNotSucceed: ReadonlySet<Slot['kind']> = new Set(['unknownField', 'unknownParameter', 'twice']);

const toOperation = (one: Named): fc.Arbitrary<DrawnRequest> =>
  fc
    .oneof(
      { weight: 1, arbitrary: fc.constant<Slot>({ kind: 'none' }) },
      { weight: 2, arbitrary: fc.constantFrom(...slotsOf(one)) },
    )
    .chain((slot) =>
      fc
        .record({
          path: pathOf(one, slot),
          query: queryOf(one, slot),
          body: bodyOf(one, slot),
          headers: headersOf(one, slot),
        })
        .map(({ path, query, body, headers }) => ({
          operation: one.name,
          method: one.method,
          target: path + query,
          headers,
          body,
          mustFail: mayNotSucceed.has(slot.kind),
        })),
    );

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

/** The more there is to break, the more often; but no policy more often than all else. */
const weighed = (one: Named) => ({ weight: 3 + Math.min(slotsOf(one).length, 15), arbitrary: toOperation(one) });

export const aRequest: fc.Arbitrary<DrawnRequest> = fc.oneof(
  { weight: 30, arbitrary: fc.oneof(...operations.map(weighed)) },
  { weight: 1, arbitrary: toNone },
);
