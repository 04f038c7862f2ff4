// Weekly reports, kept as they were built: ADR 0009. The row in `weeks` is inserted last, by whoever keeps the report first.
import { z } from 'zod';
import { TrendPoint } from '../domain/report/reportFacts.ts';
import type { WeekReport } from '../domain/report/weekReport.ts';
import { isObject } from '../domain/text/anyValue.ts';
import type { Stored } from '../domain/text/stored.ts';
import type { RowChange, Tables } from '../ports/tables.ts';
import { listRows, listValues } from './rows/listRows.ts';
import { valueOrThrow } from './rows/readRow.ts';
import { writeInBatches } from './rows/writeInBatches.ts';

const StoredWeek = z.looseObject({ id: z.string().min(1), parts: z.int(), point: TrendPoint });
type StoredWeek = Stored<typeof StoredWeek>;

const weeksPartition = 'weeks';
const weekRows = { table: 'Reports', schema: StoredWeek } as const;
const partRows = { table: 'Reports', schema: z.string() } as const;
/** A report is answered to the letter as it was kept, whatever fields it had then. */
const Report = z.custom<WeekReport>(isObject);
// Base64 needs no escapes in JSON, so that a row holds what it is counted to hold.
const partLength = 30_000;
const partRow = (id: string, index: number) => `${id}|${String(index).padStart(5, '0')}`;

/** Keeps a report; `exists`: the week has one already, which stays. @param id of this build, unlike any other's */
export async function insertReport(tables: Tables, report: WeekReport, id: string): Promise<'written' | 'exists'> {
  if (await hasReport(tables, report.week)) return 'exists';
  const text = Buffer.from(JSON.stringify(report)).toString('base64');
  const changes: RowChange[] = [];
  for (let start = 0; start < text.length; start += partLength) {
    const value = text.slice(start, start + partLength);
    changes.push({ kind: 'upsert', rowKey: partRow(id, changes.length), value });
  }
  await writeInBatches(tables, 'Reports', report.week, changes);
  const point = report.trend.at(-1);
  if (!point) throw new Error(`The report of ${report.week} has no counts.`);
  const value: StoredWeek = { id, parts: changes.length, point };
  const written = await tables.write('Reports', weeksPartition, [{ kind: 'insert', rowKey: report.week, value }]);
  return written === 'conflict' ? 'exists' : 'written';
}

export async function hasReport(tables: Tables, week: string): Promise<boolean> {
  return (await tables.get('Reports', weeksPartition, week)) !== undefined;
}

export async function readReport(tables: Tables, week: string): Promise<WeekReport | undefined> {
  const row = await tables.get('Reports', weeksPartition, week);
  if (!row) return undefined;
  const stored = valueOrThrow(weekRows, row);
  const range = { from: `${stored.id}|`, to: `${stored.id}}` };
  const parts = (await listRows(tables, 'Reports', week, range)).map((part) => valueOrThrow(partRows, part));
  if (parts.length !== stored.parts) {
    throw new Error(
      `The report of ${week} should have ${stored.parts} rows in the table Reports, but has ${parts.length}.`,
    );
  }
  return Report.parse(JSON.parse(Buffer.from(parts.join(''), 'base64').toString()));
}

/** Oldest first, as far as they can be read. */
export async function readTrend(tables: Tables): Promise<readonly TrendPoint[]> {
  return (await listValues(tables, weekRows, weeksPartition)).map(({ point }) => point);
}
