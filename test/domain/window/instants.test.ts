import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { instantAt, textOf } from '../../../shared/domain/window/instants.ts';
import { at } from '../../builders.ts';

const hour = 3_600_000;
const begin = Date.UTC(2026, 0, 1);

it('gives each millisecond its own instant, however many were asked for before', () => {
  for (const pass of [1, 2]) {
    for (let hours = 0; hours < 2500; hours += 1) {
      const milliseconds = begin + hours * hour + pass;
      expect(instantAt(milliseconds).epochMilliseconds).toBe(milliseconds);
    }
  }
  expect(instantAt(begin).equals(Temporal.Instant.fromEpochMilliseconds(begin))).toBe(true);
});

it('makes the instant once that many windows open at', () => {
  expect(instantAt(begin + 0.5 * hour)).toBe(instantAt(begin + 0.5 * hour));
});

it.each([
  '2026-01-14T01:30:00Z',
  '2026-01-14T01:30:00.5Z',
  '2026-01-14T01:30:00.000000001Z',
  '-000001-01-01T00:00:00Z',
])('says %s as Temporal does, the first time and the next', (text) => {
  const instant = at(text);
  expect([textOf(instant), textOf(instant), textOf(at(text))]).toEqual([text, text, text]);
});
