// The history by value: each row once more under each term that it has or had, as it is now. A query reads the rarest of its
// terms alone, and judges the rows itself. Written by historyStore, before the views.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { changingTerms, imagesIn, kindTerms, termsOf, termsOfImages } from '../../domain/ledger/historyFilter.ts';
import { newestIn } from '../../domain/ledger/historyRow.ts';
import { HistoryRow } from '../../domain/ledger/ledger.ts';
import { Instant, type Stored } from '../../domain/text/stored.ts';
import type { Row, Tables } from '../../ports/tables.ts';
import { deleteRows, listRows, listValues } from '../rows/listRows.ts';
import { valueIfRead } from '../rows/readRow.ts';
import { replaceRow } from '../rows/replaceRow.ts';
import { writeInBatches } from '../rows/writeInBatches.ts';
import { writeRows } from './writeRows.ts';

/** A row, and every term that it ever had. */
export type TermedRow = { readonly row: HistoryRow; readonly terms: readonly string[] };

/** `except`: clusters whose ledger could not be read when the index was made. */
const Complete = z.looseObject({ except: z.array(z.string()) });
const Asked = z.looseObject({ at: Instant });
const completeRows = { table: 'HistoryIndex', schema: Complete } as const;
const askedRows = { table: 'HistoryIndex', schema: Asked } as const;
const imageRows = { table: 'HistoryIndex', schema: z.looseObject({ image: z.string() }) } as const;
const indexedRows = { table: 'HistoryIndex', schema: HistoryRow } as const;

const [completeRow, askedRow] = ['complete', 'asked'];
const statePartition = (subscription: string) => `index|${subscription}`;
const imagesPartition = (subscription: string) => `images|${subscription}`;
export const termPartition = (subscription: string, term: string) => `${subscription}|${term}`;

export async function writeTerms(tables: Tables, subscription: string, rows: readonly TermedRow[]): Promise<void> {
  const images = imagesIn(rows.map(({ row }) => row)).map((image) => {
    const rowKey = createHash('sha256').update(image).digest('hex');
    return { kind: 'upsert', rowKey, value: { image } } as const;
  });
  await writeInBatches(tables, 'HistoryIndex', imagesPartition(subscription), images);
  const pairs = rows.flatMap(({ row, terms }) => terms.map((term) => ({ term, row })));
  for (const [term, some] of Map.groupBy(pairs, (pair) => pair.term)) {
    const place = ['HistoryIndex', termPartition(subscription, term)] as const;
    await writeRows(
      tables,
      place,
      some.map(({ row }) => row),
    );
  }
}

/** Undefined: rows of before may be missing in it. */
export async function readComplete(tables: Tables, subscription: string): Promise<Stored<typeof Complete> | undefined> {
  return valueIfRead(completeRows, await tables.get('HistoryIndex', statePartition(subscription), completeRow));
}

export async function writeComplete(tables: Tables, subscription: string, except: readonly ClusterKey[]) {
  const value = { except } satisfies Stored<typeof Complete>;
  const change = { kind: 'upsert', rowKey: completeRow, value } as const;
  await tables.write('HistoryIndex', statePartition(subscription), [change]);
}

/** True for one of those who want the index made, until `expired` says that the last time is too long ago. */
export async function claimIndexing(
  tables: Tables,
  subscription: string,
  now: Stored<typeof Instant>,
  expired: (at: Stored<typeof Instant>) => boolean,
): Promise<boolean> {
  const make = (row: Row | undefined) => {
    const asked = valueIfRead(askedRows, row);
    return asked && !expired(asked.at) ? undefined : { at: now };
  };
  const place = ['HistoryIndex', statePartition(subscription), askedRow] as const;
  return (await replaceRow(tables, place, make, 3)) === 'written';
}

export async function listImages(tables: Tables, subscription: string): Promise<readonly string[]> {
  return (await listValues(tables, imageRows, imagesPartition(subscription))).map(({ image }) => image);
}

/** Every partition that a query may read. */
export async function listTerms(tables: Tables, subscription: string): Promise<readonly string[]> {
  return [...changingTerms, ...kindTerms, ...termsOfImages(await listImages(tables, subscription))];
}

/** Takes rows from the terms that they no longer have. They were left as they are now, so that no late writer puts back what they were. */
export async function sweepTerms(
  tables: Tables,
  subscription: string,
  isSettled: (key: ClusterKey, newest: number) => Promise<boolean>,
): Promise<void> {
  for (const term of changingTerms) {
    const partition = termPartition(subscription, term);
    const left: Row[] = [];
    for (const stored of await listRows(tables, 'HistoryIndex', partition)) {
      const row = valueIfRead(indexedRows, stored);
      if (row && !termsOf(row).includes(term) && (await isSettled(clusterKey(row.cluster), newestIn(row))))
        left.push(stored);
    }
    await deleteRows(tables, 'HistoryIndex', partition, left);
  }
}
