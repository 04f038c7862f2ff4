// Holds, and approvals of releases for rings. They stand until somebody ends them, and stay as history then.
// Keys order both kinds of a partition: `active|…`, and `lifted|…` or `revoked|…`, which no read of those in force goes through.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type Approval, readApproval } from '../domain/policy/approval.ts';
import { type Hold, readHold } from '../domain/policy/hold.ts';
import { isObject } from '../domain/text/anyValue.ts';
import { instantIn } from '../domain/text/stored.ts';
import type { Tables } from '../ports/tables.ts';
import { ascending, descending } from './rows/keys.ts';
import { listRows } from './rows/listRows.ts';
import { type Page, type PageRequest, pageOfList, pageOfRows } from './rows/page.ts';

export type LiftedHold = Hold & { readonly liftedAt: string; readonly liftedBy: string };
export type RevokedApproval = Approval & { readonly revokedAt: string; readonly revokedBy: string };

export const holds = standing<Hold, LiftedHold>('holds', 'lifted', readHold, (hold) => hold.createdAt);
export const approvals = standing<Approval, RevokedApproval>(
  'approvals',
  'revoked',
  readApproval,
  (approval) => approval.approvedAt,
);

/** Where the rows of lifted holds are, the last one first. */
export const liftedHolds = { partition: 'holds', from: 'lifted|', to: 'lifted}' } as const;

/** @param read gives undefined where the value is none */
function standing<T extends { readonly id: string }, Ended extends T>(
  partition: string,
  how: 'lifted' | 'revoked',
  read: (value: unknown) => T | undefined,
  madeAt: (one: T) => string,
) {
  const active = 'active|';
  const ended = `${how}|`;
  /** The first key after all that begin with {@link ended}. */
  const afterEnded = `${how}}`;
  const endedRows = { table: 'Policy', schema: z.custom<Ended>(isObject) } as const;

  // Its time first: ISO text has no order (".5Z" sorts before "Z").
  const keyOf = (one: T) => `${ascending(instantIn(madeAt(one))?.epochMilliseconds ?? 0)}|${one.id}`;

  /** `standing`: oldest first. `unreadable`: the keys of rows that are none. `values`: of all rows but the ended ones. */
  async function readAll(tables: Tables) {
    // A row under a key that the keeper gives to none was made by hand, and stands like the others.
    const rows = await Promise.all([
      listRows(tables, 'Policy', partition, { from: active, to: ended }),
      listRows(tables, 'Policy', partition, { from: afterEnded }),
    ]);
    const found: T[] = [];
    const unreadable: string[] = [];
    for (const { rowKey, value } of rows.flat()) {
      const one = read(value);
      if (one) found.push(one);
      else unreadable.push(rowKey);
    }
    const values = rows.flat().map(({ value }) => value);
    const keyed = found.map((one) => ({ key: keyOf(one), one })).sort((a, b) => (a.key < b.key ? -1 : 1));
    return { standing: keyed.map(({ one }) => one), unreadable, values };
  }

  /** Of several under one id the last that was ended. Whoever lost a race finds it on the first page. */
  async function findEnded(tables: Tables, id: string): Promise<Ended | undefined> {
    for await (const row of tables.query('Policy', partition, { from: ended, to: afterEnded })) {
      if (row.rowKey.endsWith(`|${id}`)) return endedRows.schema.safeParse(row.value).data;
    }
    return undefined;
  }

  return {
    readAll,

    /** Those that stand, oldest first, a page at a time. */
    list: async (tables: Tables, request: PageRequest): Promise<Page<T>> =>
      pageOfList((await readAll(tables)).standing, keyOf, request),

    /** Those that were ended, the last one first. */
    listEnded: (tables: Tables, request: PageRequest) => pageOfRows(tables, endedRows, partition, ended, request),

    /** False when one of its id stands already. */
    insert: async (tables: Tables, value: T): Promise<boolean> => {
      const insert = { kind: 'insert', rowKey: active + value.id, value } as const;
      return (await tables.write('Policy', partition, [insert])) === 'written';
    },

    /**
     * Ends what stands under `id` and keeps who did, in one transaction: it is never neither or both. Whoever ends it
     * again, or comes second, is given what the first kept. Undefined where there never was one.
     */
    end: async (
      tables: Tables,
      id: string,
      { at, by }: { readonly at: Temporal.Instant; readonly by: string },
    ): Promise<{ readonly kept: Ended; readonly isNew: boolean } | undefined> => {
      for (;;) {
        const row = await tables.get('Policy', partition, active + id);
        if (!row) {
          const kept = await findEnded(tables, id);
          return kept && { kept, isNew: false };
        }
        const before = isObject(row.value) ? row.value : {};
        const value = { ...before, [`${how}At`]: at.toString(), [`${how}By`]: by };
        const written = await tables.write('Policy', partition, [
          { kind: 'delete', rowKey: row.rowKey, etag: row.etag },
          { kind: 'insert', rowKey: `${ended}${descending(at.epochMilliseconds)}|${id}`, value },
        ]);
        if (written === 'written') return { kept: endedRows.schema.parse(value), isNew: true };
      }
    },
  };
}
