import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentOf, type Row, tableOf } from '../../bench/table.ts';

const aRow = (overrides: Partial<Row> = {}): Row => ({
  what: 'Planning',
  against: 'JSON.parse',
  ratio: 5,
  mustReach: 5,
  direction: 'atMost',
  ...overrides,
});

it.each([
  [{ ratio: 5 }, '5.0 ×', '≤ 5 ×', 'yes'],
  [{ ratio: 5.01 }, '5.0 ×', '≤ 5 ×', 'no'],
  [{ ratio: 50, mustReach: 50, direction: 'atLeast' }, '50 ×', '≥ 50 ×', 'yes'],
  [{ ratio: 49.9, mustReach: 50, direction: 'atLeast' }, '50 ×', '≥ 50 ×', 'no'],
  [{ ratio: Number.NaN }, 'NaN ×', '≤ 5 ×', 'no'],
] as const)('%j is a row that says whether it is met', (overrides, ratio, limit, met) => {
  const [, , row = ''] = tableOf([aRow(overrides)]).split('\n');
  const cells = row.split('|').map((cell) => cell.trim());
  expect(cells).toEqual(['', 'Planning', 'JSON.parse', ratio, limit, met, '']);
});

it('docs/benchmarks.md is as npm run bench writes it: each ratio with its limit, the machine and the day', () => {
  const page = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const shape = (text: string) => text.replace(/^- Measured on .*$/m, '').replaceAll(/^\|.*\n/gm, '');
  expect(shape(page)).toBe(shape(documentOf([aRow()], new Date(0))));
  expect(page).toMatch(/^- Measured on \d{4}-\d\d-\d\d, on \d+ cores? of .+, \d+ GB of memory, Node v\d+\S*, .+\.$/m);
  expect(page).toMatch(/Decisions on 50,000 pools, .* JSON\.parse of the same facts/);
  expect(page).toMatch(/A window's instant: every month .* rrule/);
});
