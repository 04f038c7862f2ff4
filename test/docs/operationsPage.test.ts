// docs/operations.md explains every reason of a decision and every class of failure, and none that is not there.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { failureClasses } from '../../shared/domain/failure/failure.ts';
import { gateOrder, verdicts } from '../../shared/domain/plan/decision.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** The cells of the rows under a heading; the first is the name. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const names = (rows: readonly (readonly string[])[]) => rows.map(([name = '']) => name.replaceAll('`', ''));

it('has one row for each reason of a decision, in the order of the gates, with its verdict', () => {
  const rows = rowsUnder('What a decision means');
  expect(names(rows)).toEqual(['start', ...gateOrder]);
  expect(rows.map(([, verdict]) => verdict)).toEqual(['start', ...gateOrder.map((reason) => verdicts[reason])]);
});

it('has one row for each class of failure', () => {
  expect(names(rowsUnder('What a failure means'))).toEqual(failureClasses);
});

it('says in every row what it means and what to do', () => {
  const rows = [...rowsUnder('What a decision means'), ...rowsUnder('What a failure means')];
  for (const row of rows) for (const cell of row) expect(cell, row[0]).not.toBe('');
});
