import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches } from '../../../shared/domain/text/glob.ts';

describe('globMatches', () => {
  it.each([
    ['aks-prod', 'aks-prod', true],
    ['aks-prod', 'AKS-Prod', true],
    ['aks-prod', 'aks-prod-2', false],
    ['aks-prod', 'my-aks-prod', false],
    ['*', 'anything', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['aks-*', 'aks-', true],
    ['aks-*', 'aks-prod', true],
    ['*-prod', 'aks-prod', true],
    ['*-prod', 'aks-prod-prod', true],
    ['*-prod', 'aks-production', false],
    ['aks-*-we', 'aks-shop-we', true],
    ['aks-*-we', 'aks-shop-ne', false],
    ['aks-?', 'aks-1', true],
    ['aks-?', 'aks-12', false],
    ['a**b', 'ab', true],
    ['a*?b', 'ab', false],
    ['a*?b', 'acb', true],
    // What means something in a regular expression means itself here.
    ['aks.prod', 'aksXprod', false],
    ['aks.prod', 'aks.prod', true],
    ['rg(1)', 'rg(1)', true],
    ['[ab]', 'a', false],
    ['a|b', 'a', false],
    ['^a$', 'a', false],
    ['a\\*', 'a\\b', true],
  ])('"%s" on "%s": %s', (pattern, name, expected) => {
    expect(globMatches(pattern, name)).toBe(expected);
  });

  it('agrees with the definition, for every pattern and name', () => {
    const defined = (pattern: string, name: string): boolean => {
      if (pattern === '') return name === '';
      if (pattern.startsWith('*')) {
        return defined(pattern.slice(1), name) || (name !== '' && defined(pattern, name.slice(1)));
      }
      return name !== '' && (pattern[0] === '?' || pattern[0] === name[0]) && defined(pattern.slice(1), name.slice(1));
    };
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, name, (pattern, name) => {
        expect(globMatches(pattern, name)).toBe(defined(pattern, name));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not stopped for hours by a pattern of many stars in a query', () => {
    expect(globMatches(`${'*a'.repeat(30)}*b`, 'a'.repeat(5000))).toBe(false);
  });
});
