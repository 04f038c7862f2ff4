// The limits of Table Storage (learn.microsoft.com, Table service data model), checked before anything is sent. Used by both Tables.
import { RefusedWrite, type RowChange, type TableName } from '../../ports/tables.ts';
import { splitValue } from './largeValues.ts';

type Encoded = ReturnType<typeof splitValue> & { readonly rowKey: string };

/** `documents` hold what the row has no room for, by their names: they are written before it. */
export type EncodedChange =
  | (Encoded & { readonly kind: 'insert' | 'upsert' })
  | (Encoded & { readonly kind: 'replace'; readonly etag: string })
  | { readonly kind: 'delete'; readonly rowKey: string; readonly etag: string };

const maxChanges = 100;
const maxTextLength = 32 * 1024;
/** Far more than anything is that the keeper keeps, and no strain on memory. */
const maxValueLength = 1024 * 1024;
// 1 KiB as UTF-16.
const maxKeyLength = 512;
const maxTransactionBytes = 4 * 1024 * 1024;
// A generous guess: boundary, URL, headers.
const bytesAroundChange = 1024;

const forbiddenInKey = /[/\\#?\p{Cc}]/u;
const etagPattern = /^[\x21-\x7e]+$/;

function refuse(place: string, why: string): never {
  throw new RefusedWrite(`${place}: ${why}`);
}

export function checkKey(table: TableName, key: string): void {
  const place = `Table ${table}`;
  if (key === '') refuse(place, 'a key is empty.');
  if (key.length > maxKeyLength)
    refuse(place, `the key "${key}" has ${key.length} characters, more than ${maxKeyLength}.`);
  if (forbiddenInKey.test(key) || !key.isWellFormed())
    refuse(
      place,
      `the key ${JSON.stringify(key)} holds one of / \\ # ?, a control character or half a surrogate pair.`,
    );
}

/** JSON with everything outside ASCII escaped, so that its length is its size in bytes. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function encodeChanges(table: TableName, partitionKey: string, changes: readonly RowChange[]) {
  checkKey(table, partitionKey);
  const partition = `Table ${table}, partition "${partitionKey}"`;
  if (changes.length > maxChanges)
    refuse(partition, `${changes.length} changes are more than the ${maxChanges} of a transaction.`);
  const rowKeys = new Set<string>();
  let bytes = 0;
  const encoded = changes.map((change) => {
    const row = `${partition}, row "${change.rowKey}"`;
    checkKey(table, change.rowKey);
    if (rowKeys.has(change.rowKey)) refuse(row, 'a transaction takes one change a row.');
    rowKeys.add(change.rowKey);
    const encodedChange = encodeChange(row, change);
    bytes += bytesAroundChange + 2 * asciiJson([partitionKey, change.rowKey]).length;
    if ('text' in encodedChange) bytes += asciiJson(encodedChange.text).length;
    return encodedChange;
  });
  if (bytes > maxTransactionBytes)
    refuse(partition, `${changes.length} changes of ${bytes} bytes are more than the 4 MiB of a transaction.`);
  return encoded;
}

function encodeChange(row: string, change: RowChange): EncodedChange {
  const { rowKey } = change;
  if ('etag' in change) checkEtag(row, change.etag);
  if (change.kind === 'delete') return { kind: 'delete', rowKey, etag: change.etag };
  const encoded = { rowKey, ...encodeValue(row, change.value) };
  return change.kind === 'replace'
    ? { kind: 'replace', ...encoded, etag: change.etag }
    : { kind: change.kind, ...encoded };
}

function encodeValue(row: string, value: unknown): ReturnType<typeof splitValue> {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) refuse(row, 'the value is not JSON.');
  if (text.length > maxValueLength)
    refuse(row, `the value takes ${text.length} characters of JSON, more than ${maxValueLength}.`);
  return splitValue(text, maxTextLength);
}

/** All that the changes need to be there before them. */
export function documentsOf(changes: readonly EncodedChange[]): readonly (readonly [name: string, text: string])[] {
  return changes.flatMap((change) => ('documents' in change ? [...change.documents] : []));
}

// '*' would make the change unconditional.
function checkEtag(row: string, etag: string): void {
  if (etag === '*' || !etagPattern.test(etag)) refuse(row, `${JSON.stringify(etag)} is not the ETag of a row.`);
}
