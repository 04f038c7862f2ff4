// The failed attempts that made a hold which was lifted: they make no second one. Called by policyStore.
import { z } from 'zod';
import { failuresOf } from '../../domain/policy/hold.ts';
import type { Tables } from '../../ports/tables.ts';
import { listRows } from '../rows/listRows.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { insertOrReplace } from '../rows/replaceRow.ts';
import { liftedHolds } from '../standingStore.ts';

// Sorts before every hold: an older version of the keeper, which takes each row from `active|` on for a hold, never sees it.
const markRow = '_lifted';

/** The failures of all lifted holds from the key `from` on, so that nobody reads those rows again. */
const Mark = z.looseObject({ from: z.string(), failures: z.array(z.string()) });
const markRows = { table: 'Policy', schema: Mark } as const;

/** So many of the last that were lifted stay before the mark: another instance, with a slower clock, may still put one among them. */
const keptBefore = 20;

/** A failed attempt makes no hold once its pool has another, so the oldest of so many count for nothing. They fit a row. */
const maxFailures = 500;

/** Reads the mark and the few holds that were lifted after it, however many were before; moves the mark where they become many. */
export async function readCountedFailures(tables: Tables): Promise<readonly string[]> {
  const { partition, from, to } = liftedHolds;
  const row = await tables.get('Policy', partition, markRow);
  const mark = valueIfRead(markRows, row);
  const lifted = await listRows(tables, 'Policy', partition, { from, to: mark?.from ?? to });
  const failures = (rows: typeof lifted) => rows.flatMap(({ value }) => failuresOf(value));
  const before = mark?.failures ?? [];
  const next = lifted[keptBefore];
  if (next && lifted.length > 2 * keptBefore) {
    const counted = [...failures(lifted.slice(keptBefore)), ...before].slice(0, maxFailures);
    // Where another instance has moved it meanwhile, the next read finds its mark.
    await tables.write('Policy', partition, [
      insertOrReplace(markRow, { from: next.rowKey, failures: counted }, row?.etag),
    ]);
  }
  return [...failures(lifted), ...before];
}
