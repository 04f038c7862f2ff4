// Rows of the table Policy that stand until somebody ends them, and are history then. Called by holdsStore and
// approvalsStore.
import type { Temporal } from 'temporal-polyfill';
import type { Tables } from '../../ports/tables.ts';
import { descending } from './keys.ts';
import { type Page, type PageRequest, pageOfRows } from './page.ts';

/** `ended`: the prefix of those that were ended, newest first, behind those that stand. */
export type StandingRows = { readonly partition: string; readonly ended: `${'lifted' | 'revoked'}|` };

const activePrefix = 'active|';
const activeRow = (id: string) => activePrefix + id;

/** All rows, those that stand before those that were ended. */
export async function* readRows(
  tables: Tables,
  { partition, ended }: StandingRows,
): AsyncIterable<{ readonly rowKey: string; readonly value: unknown; readonly hasEnded: boolean }> {
  for await (const { rowKey, value } of tables.query('Policy', partition, { from: activePrefix })) {
    yield { rowKey, value, hasEnded: rowKey.startsWith(ended) };
  }
}

/** Those that were ended, newest first. */
export function listEnded<T>(
  tables: Tables,
  { partition, ended }: StandingRows,
  request: PageRequest,
): Promise<Page<T>> {
  return pageOfRows<T>(tables, partition, ended, request);
}

/** False when a row of this id stands. */
export async function insertStanding(
  tables: Tables,
  { partition }: StandingRows,
  value: { readonly id: string },
): Promise<boolean> {
  const written = await tables.write('Policy', partition, [{ kind: 'insert', rowKey: activeRow(value.id), value }]);
  return written === 'written';
}

/**
 * Ends what stands under `id`, and keeps it with `ending` added.
 * @returns what is kept; undefined when nothing of this id stands, be it that somebody else has just ended it
 */
export async function endStanding<T extends object, Ending extends object>(
  tables: Tables,
  { partition, ended }: StandingRows,
  id: string,
  at: Temporal.Instant,
  ending: Ending,
): Promise<(T & Ending) | undefined> {
  const row = await tables.get('Policy', partition, activeRow(id));
  if (!row) return undefined;
  const value = { ...(row.value as T), ...ending };
  const endedRow = `${ended}${descending(at.epochMilliseconds)}|${id}`;
  const written = await tables.write('Policy', partition, [
    { kind: 'delete', rowKey: activeRow(id), etag: row.etag },
    { kind: 'insert', rowKey: endedRow, value },
  ]);
  return written === 'conflict' ? undefined : value;
}
