import { expect, it } from 'vitest';
import { canStillCome } from '../../../shared/domain/image/imagePattern.ts';
import { at } from '../../builders.ts';

const offered = ['AKSUbuntu-2204gen2containerd-202610.26.0', 'AKSWindows-2022-containerd-20348.4294.261013'];
const now = at('2026-11-03T12:00:00Z');

it.each([
  ['202611.02.0', true],
  ['202610.26.1', true],
  ['*-202611.02.0', true],
  ['AKSUbuntu-*-202611.02.0', true],
  ['AKSUbuntu:2204gen2containerd:202611.02.0', true],
  ['20348.4400.261101', true],
  ['202611.04.0', true],
  ['202611.05.0', false],
  ['209912.01.0', false],
  ['202610.26.0', false],
  ['202510.26.0', false],
  ['20348.4293.261101', false],
  ['AKSUbunto-2204gen2containerd-202611.02.0', false],
  ['20261102', false],
  ['202611.02.*', false],
  ['', false],
])('%s: %s', (pattern, expected) => {
  expect(canStillCome(pattern, offered, now)).toBe(expected);
});

it('knows no release of a fleet without images', () => {
  expect(canStillCome('202611.02.0', [], now)).toBe(false);
});
