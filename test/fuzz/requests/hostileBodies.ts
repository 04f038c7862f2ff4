// JSON that is made to break what reads it, as a field and as a whole body. Called by drawRequest.ts.
import * as fc from 'fast-check';
import { hostileId, hostileText } from './hostileValues.ts';

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
  { weight: 1, arbitrary: hostileId },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('2', 'a', '*', 'é', '-2', '202610.26.')
      .map((unit) => unit.padEnd(33_000, unit.slice(0, 2))),
  },
  { weight: 1, arbitrary: fc.constantFrom(4, 33, 400).map(nested) },
  { weight: 1, arbitrary: fc.constantFrom(100, 3000).map((length) => Array.from({ length }, () => 'a*')) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const noObjects = [
  '',
  ' ',
  '{',
  'null',
  'true',
  '7',
  '1e400',
  '""',
  '[]',
  '[{}]',
  '{"a":',
  'author=a',
  '\0',
  '"\\ud800"',
];
const oddObjects = ['{}', '\ufeff{}', '{"author":1,"author":"a"}', '{"__proto__":{"author":"a"}}'];

/** Bodies that are no object of an operation. */
export const hostileBody = fc.constantFrom(
  ...noObjects,
  ...oddObjects,
  '['.repeat(40_000),
  '{"a":'.repeat(10_000),
  '['.repeat(30_000) + ']'.repeat(30_000),
  JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, 0]))),
  ' '.repeat(65_537),
  `{"a":"${'x'.repeat(200_000)}"}`,
);
