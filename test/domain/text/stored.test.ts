// The quick way to read an instant takes what the whole way takes, and nothing else.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { InstantText, instantIn } from '../../../shared/domain/text/stored.ts';

const two = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));
const texts = fc
  .tuple(
    fc.constantFrom('0000', '1969', '2026', '9999', '12026'),
    two(13),
    two(32),
    two(25),
    two(61),
    fc.option(fc.tuple(two(61), fc.constantFrom('', '.5', '.123', '.1234', '.', '.123456789'))),
    fc.constantFrom('Z', 'z', '', '+01:00', '-00:30', 'Z '),
  )
  .map(([year, month, day, hour, minute, second, zone]) => {
    return `${year}-${month}-${day}T${hour}:${minute}${second ? `:${second.join('')}` : ''}${zone}`;
  });

it('a stored time is refused or taken alike, whichever way it is read', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(InstantText.safeParse(text).success).toBe(instantIn(text) !== undefined);
    }),
    { numRuns: 2000 },
  );
});
