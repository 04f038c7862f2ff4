import { describe, expect, it } from 'vitest';
import { readTransactionAnswer, transactionBody } from '../../../shared/adapters/storage/tableTransaction.ts';

/** A change set's answer in the service's form. */
function answer(...parts: readonly string[]): string {
  const set = parts.map(
    (part) =>
      `--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${part}`,
  );
  return `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n${set.join('')}--changesetresponse_1--\r\n--batchresponse_1--\r\n`;
}
const noContent = 'HTTP/1.1 204 No Content\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-cache\r\n\r\n\r\n';
const error = (status: number, code: string) =>
  `HTTP/1.1 ${status} Reason\r\nDataServiceVersion: 3.0;\r\nContent-Type: application/json\r\n\r\n` +
  `{"odata.error":{"code":"${code}","message":{"lang":"en-US","value":"1:What \\"happened\\".\\nRequestId:x"}}}\r\n`;

describe('readTransactionAnswer', () => {
  it.each<[string, number, string, string]>([
    ['every change has a success', 202, answer(noContent, noContent), 'written'],
    ['a change has no answer', 202, answer(noContent), 'refused'],
    ['there is no answer at all', 202, '', 'refused'],
    ['the request is not taken', 200, answer(noContent, noContent), 'refused'],
    ['an insert finds a row', 202, answer(error(409, 'EntityAlreadyExists')), 'conflict'],
    ['an ETag is stale', 202, answer(error(412, 'UpdateConditionNotSatisfied')), 'conflict'],
    ['a replace or a delete finds none', 202, answer(error(404, 'ResourceNotFound')), 'conflict'],
    ['the table is not there', 202, answer(error(404, 'TableNotFound')), 'refused'],
    ['the table is being deleted', 202, answer(error(409, 'TableBeingDeleted')), 'refused'],
    ['a part is wrong', 202, answer(error(400, 'InvalidInput')), 'refused'],
    ['the service is busy', 503, error(503, 'ServerBusy'), 'refused'],
    ['access is denied', 403, '<?xml version="1.0"?><error/>', 'refused'],
  ])('when %s', (_, status, body, kind) => {
    expect(readTransactionAnswer(status, body, 2).kind).toBe(kind);
  });

  it('says why in the words of the service', () => {
    expect(readTransactionAnswer(202, answer(error(400, 'InvalidInput')), 2)).toEqual({
      kind: 'refused',
      reason: '400 InvalidInput 1:What \\"happened\\".\\nRequestId:x',
    });
  });
});

describe('transactionBody', () => {
  it('sends one conditional delete as the service documents it', () => {
    const body = transactionBody(
      'https://a.table.core.windows.net/Starts',
      'p',
      [{ kind: 'delete', rowKey: "it's ü", etag: `W/"datetime'2026'"` }],
      '1',
    );
    expect(body.split('\r\n')).toEqual([
      '--batch_1',
      'Content-Type: multipart/mixed; boundary=changeset_1',
      '',
      '--changeset_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `DELETE https://a.table.core.windows.net/Starts(PartitionKey='p',RowKey='it''s%20%C3%BC') HTTP/1.1`,
      'Accept: application/json',
      'DataServiceVersion: 3.0',
      `If-Match: W/"datetime'2026'"`,
      '',
      '',
      '',
      '--changeset_1--',
      '--batch_1--',
      '',
    ]);
  });

  it('is ASCII', () => {
    const encoded = { kind: 'upsert', rowKey: '😀', text: '"한😀"', version: 1, documents: new Map() } as const;
    const body = transactionBody('https://a/T', 'é', [encoded], '1');
    expect(body).toMatch(/^[\r\n\x20-\x7e]*$/);
    expect(body).toContain('"value":"\\"\\ud55c\\ud83d\\ude00\\""');
  });
});
