import { expect, it } from 'vitest';
import { nearest } from '../../../shared/domain/text/nearest.ts';

const names = ['prod-1', 'prod-2', 'dev', 'win', 'apps', 'PROD-10'];

it.each<[string, readonly string[]]>([
  ['prd-1', ['prod-1', 'PROD-10', 'prod-2']],
  ['wim', ['win']],
  ['shpo', []],
  ['DEV', ['dev']],
  ['', []],
  ['payments', []],
])('%s: %j', (wanted, expected) => {
  expect(nearest(wanted, names)).toEqual(expected);
});
