// Texts that are made to break what reads them: in a path, a query or a header. Called by drawRequest.ts.
import * as fc from 'fast-check';
import { clusterId } from '../../usecases/fleets.ts';

const marks = ['', ' ', '.', '..', '*', '?', '#', '/', '\\', '|', "'", '"', '%', '+', '&', '=', ';', '\0', '\u007f'];
const unseen = ['\u200b', '\ufeff', '\uffff', '😀', 'İ', 'ß'];
const numbers = '1e300 -1 0 00 1.5 99999999999999999999 NaN Infinity null undefined true [] {}'.split(' ');
const code = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '{{x}}', '<b>', '=1+1', '; DROP', "' or ''='"];
const instants = [
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59-23:59',
  '+275760-09-13T00:00:00Z',
];
const noInstants = ['2026-02-30T00:00:00Z', '2026-11-21T24:00:00Z', `2026-11-21T00:00:00.${'1'.repeat(400)}Z`];
const others = ['2026-W00', '2026-W54', '0000-W01', '9999-W52', 'Etc/Unknown', '+14:00', '/subscriptions/x'];
const words = [...marks, ...unseen, ...numbers, ...code, ...instants, ...noInstants, ...others];

const longText = fc
  .tuple(
    fc.constantFrom('a', '1', 'İ', '*', '-', '.', '%', '/', '😀', 'a*', '-202610.26.'),
    fc.constantFrom(13, 64, 91, 201, 600, 3000),
  )
  .map(([unit, times]) => unit.repeat(times).slice(0, 3000));

/** What no key of Table Storage holds. */
const noKey = fc
  .constantFrom('#', '?', '/', '\\', '|', '\0', '\u0001', '\u007f', '\u0085', '\n')
  .map((one) => `a${one}b`);

export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  { weight: 3, arbitrary: noKey },
  { weight: 2, arbitrary: longText },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** ARM ids of clusters of which a part is no name. */
export const hostileId = fc
  .tuple(fc.constantFrom('subscriptions', 'resourceGroups', 'managedClusters'), hostileText)
  .map(([part, text]) => clusterId.replace(new RegExp(`(${part}/)[^/]+`), (_all, before: string) => before + text));

/** Cursors with keys that no list gives, some of the right form but for one character. */
const hostileCursor = fc
  .oneof(
    fc.constantFrom<unknown>(1e300, -1, null, {}, '\ud800', '1e300', '0'.repeat(15), '9'.repeat(15), 'version|x'),
    hostileText,
    fc
      .tuple(fc.constantFrom('', 'version|', 'lifted|'), hostileText)
      .map(([kind, text]) => `${kind}${'0'.repeat(15)}|${text}`),
    hostileText.map((text) => `${'0'.repeat(15)}|a|${text}|b|${'0'.repeat(15)}`),
    fc.constant(`${'0'.repeat(15)}|a|\ud800|b|${'0'.repeat(15)}`),
  )
  .map((key) => Buffer.from(JSON.stringify({ key })).toString('base64url'));

/** Something in the place of a path's or a query's parameter. */
export function hostileFor(name: string): fc.Arbitrary<string> {
  if (name === 'cluster') return fc.oneof(hostileText, hostileId);
  return name === 'cursor'
    ? fc.oneof({ weight: 4, arbitrary: hostileCursor }, { weight: 1, arbitrary: hostileText })
    : hostileText;
}

export const unknownName = fc.constantFrom(
  'x',
  '__proto__',
  'constructor',
  'LIMIT',
  'limit[]',
  '',
  'a b',
  'author2',
  'x'.repeat(500),
);

/** What a header may hold at all: no line breaks, nothing outside Latin-1. */
export const hostileHeader = fc.constantFrom(
  '',
  '*',
  '"',
  '""',
  '"x"',
  'W/"x"',
  ',',
  ',,,',
  '*, "x"',
  'x',
  '\u00e9\u00ff',
  '\t',
  '[object Object]',
  '"'.repeat(4000),
);

/** Percent-encodings that do not decode, or to what nobody expects. */
export const undecoded = fc.constantFrom(
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

/** Headers that no operation asks for. */
export const otherHeaders: readonly (readonly [string, string])[] = [
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
