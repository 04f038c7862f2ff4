// An entity group transaction on the wire, for azureTables: the SDK's own (data-tables 13.3.2) sends every delete with `If-Match: *`.
import { asciiJson, type EncodedChange } from './tableLimits.ts';

export const transactionHeaders = {
  Accept: 'application/json',
  'x-ms-version': '2019-02-02',
  DataServiceVersion: '3.0;',
  MaxDataServiceVersion: '3.0;NetFx',
};

/** ASCII only. @param id names the boundaries: `batch_{id}` is the Content-Type's */
export function transactionBody(tableUrl: string, partitionKey: string, changes: readonly EncodedChange[], id: string) {
  const lines = [`--batch_${id}`, `Content-Type: multipart/mixed; boundary=changeset_${id}`, ''];
  for (const change of changes) {
    lines.push(`--changeset_${id}`, 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '');
    lines.push(...request(tableUrl, partitionKey, change), '');
  }
  lines.push(`--changeset_${id}--`, `--batch_${id}--`, '');
  return lines.join('\r\n');
}

function request(tableUrl: string, partitionKey: string, change: EncodedChange): readonly string[] {
  const rowUrl = `${tableUrl}(PartitionKey='${keyInUrl(partitionKey)}',RowKey='${keyInUrl(change.rowKey)}')`;
  const headers = ['Accept: application/json', 'DataServiceVersion: 3.0'];
  if (change.kind === 'delete') return [`DELETE ${rowUrl} HTTP/1.1`, ...headers, `If-Match: ${change.etag}`, '', ''];
  const { rowKey: RowKey, text: value, version } = change;
  const entity = asciiJson({ PartitionKey: partitionKey, RowKey, value, version });
  headers.push('Content-Type: application/json');
  if (change.kind === 'insert')
    return [`POST ${tableUrl} HTTP/1.1`, ...headers, 'Prefer: return-no-content', '', entity];
  // Without If-Match a PUT is Insert Or Replace.
  if (change.kind === 'replace') headers.push(`If-Match: ${change.etag}`);
  return [`PUT ${rowUrl} HTTP/1.1`, ...headers, '', entity];
}

function keyInUrl(key: string): string {
  return encodeURIComponent(key.replaceAll("'", "''"));
}

type TransactionAnswer =
  | { readonly kind: 'written' | 'conflict' }
  | { readonly kind: 'refused'; readonly reason: string };

/** A failed transaction is a 202 too, with the failed change's response alone: `written` needs a success for every change. */
export function readTransactionAnswer(status: number, body: string, changes: number): TransactionAnswer {
  const statuses = [...body.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));
  if (status === 202 && statuses.length === changes && statuses.every((each) => each >= 200 && each < 300))
    return { kind: 'written' };
  const failed = statuses.find((each) => each >= 400) ?? status;
  const code = /"code"\s*:\s*"(?<code>[^"]*)"/.exec(body)?.groups?.['code'];
  if (isConflict(failed, code)) return { kind: 'conflict' };
  const message = /"value"\s*:\s*"(?<message>(?:[^"\\]|\\.)*)"/.exec(body)?.groups?.['message'] ?? body.slice(0, 500);
  return { kind: 'refused', reason: `${failed} ${code ?? ''} ${message}` };
}

// A table being deleted is 409 as well, and a missing table is 404: neither is a row's conflict.
function isConflict(status: number, code: string | undefined): boolean {
  if (status === 409) return code === 'EntityAlreadyExists';
  return status === 412 || (status === 404 && code === 'ResourceNotFound');
}
