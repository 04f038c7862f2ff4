import { expect, it } from 'vitest';
import { onceFor } from '../../../shared/domain/text/onceFor.ts';

it('makes a value once for each object, and none of one object for another that looks the same', () => {
  const made: string[] = [];
  const wordsOf = onceFor(({ name }: { readonly name: string }) => {
    made.push(name);
    return name.length > 3 ? name : undefined;
  });
  const [window, twin, day] = [{ name: 'window' }, { name: 'window' }, { name: 'day' }];
  expect([window, day, twin, window, day, twin].map(wordsOf)).toEqual([
    'window',
    undefined,
    'window',
    'window',
    undefined,
    'window',
  ]);
  expect(made).toEqual(['window', 'day', 'window']);
});

it('makes it again where it was refused', () => {
  let refusals = 0;
  const read = onceFor(() => {
    refusals += 1;
    throw new Error('unreadable');
  });
  const row = {};
  expect(() => read(row)).toThrow('unreadable');
  expect(() => read(row)).toThrow('unreadable');
  expect(refusals).toBe(2);
});
