// Text in columns of a terminal.
import { describe, expect, it } from 'vitest';
import { fit, wrap } from '../../../local/view/fit.ts';

describe('text in columns', () => {
  it.each([
    ['short', 8, 'short   '],
    ['exactly8', 8, 'exactly8'],
    ['much too long', 8, 'much to…'],
    ['much too', 6, 'much…'],
    ['x', 0, ''],
  ])('"%s" in %i is "%s"', (text, width, expected) => {
    expect(fit(text, width).padEnd(width)).toBe(expected.padEnd(width));
  });

  it('wraps at words, breaks those that are too long, and ends with an ellipsis', () => {
    expect(wrap('one two three four', 9, 3, '  ')).toEqual(['one two', '  three', '  four']);
    expect(wrap('abcdefghijklmnop', 8, 3, '  ')).toEqual(['abcdefgh', '  ijklmn', '  op']);
    expect(wrap('one two three four', 9, 2, '  ')).toEqual(['one two', '  three…']);
  });
});
