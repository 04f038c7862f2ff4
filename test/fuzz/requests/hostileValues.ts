// Values that are made to break what reads them: as text, as JSON, as a body, as a header. Called by drawRequest.ts.
import * as fc from 'fast-check';

const words = [
  ...['', ' ', '.', '..', '*', '?', '#', '/', '\\', '|', "'", '"', '%', '+', '&', '=', ';', '\0', '\u0001', '\u007f'],
  ...['a#b', 'a/b', 'a\\b', 'a|b', 'a\u0000b', 'a\u0085b', 'a\nb', '\u200b', '\ufeff', '\uffff', '😀', 'İ', 'ß'],
  ...[
    '1e300',
    '-1',
    '0',
    '00',
    '1.5',
    '99999999999999999999',
    'NaN',
    'Infinity',
    'null',
    'undefined',
    'true',
    '[]',
    '{}',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '{{x}}', '<b>', '=1+1', '; DROP', "' or ''='"],
  ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00+23:59'],
  ...['+275760-09-13T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-21T24:00:00Z', '2026-11-21T00:00:60Z'],
  ...['2026-W00', '2026-W54', '0000-W01', '9999-W52', 'Etc/Unknown', '+14:00', 'UTC'],
  `2026-11-21T00:00:00.${'1'.repeat(400)}Z`,
  '/subscriptions/x',
];

const longText = fc
  .tuple(
    fc.constantFrom('a', '1', 'İ', '*', '-', '.', '%', '/', '😀', 'a*', '-202610.26.'),
    fc.constantFrom(13, 64, 91, 201, 600, 3000),
  )
  .map(([unit, times]) => unit.repeat(times).slice(0, 3000));

export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: longText },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1e300,
      -1e-300,
      2 ** 53,
      0.1,
      [],
      {},
      [null],
      [[]],
      '\ud800',
      'a\udc00',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(4, 33, 400).map(nested) },
  { weight: 1, arbitrary: fc.constantFrom(100, 3000).map((length) => Array.from({ length }, () => 'a*')) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** Bodies that are no object of an operation. */
export const hostileBody = fc.constantFrom(
  ...[
    '',
    ' ',
    '{',
    '}',
    'null',
    'true',
    '7',
    '1e400',
    '""',
    '[]',
    '[{}]',
    '{}',
    '{"a":',
    '{"author":1,"author":"a"}',
    '\ufeff{}',
  ],
  ...['{"__proto__":{"author":"a"}}', '{"constructor":{"prototype":{"author":"a"}}}', 'author=a', '\0', '"\\ud800"'],
  '['.repeat(40_000),
  '{"a":'.repeat(10_000),
  '['.repeat(30_000) + ']'.repeat(30_000),
  JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 0]))),
  ' '.repeat(65_537),
  `{"a":"${'x'.repeat(200_000)}"}`,
);

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
  ...[
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
  ],
);
