// ARM's answers to a question about an asynchronous operation. Called by the ARM adapter.
import type { OperationStatus } from '../../domain/attempt/attempt.ts';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { ArmError } from '../../ports/arm.ts';
import { fieldsOf } from './armFields.ts';

const ended: ReadonlyMap<string, OperationStatus> = new Map([
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['unknown', 'unknown'],
]);

/** Azure-AsyncOperation answers 200 with a status; Location 202 while it runs; a forgotten operation is 404. */
export function toStatus(httpStatus: number, text: string): OperationStatus {
  if (httpStatus === 202) return 'inProgress';
  if (httpStatus === 404) return 'unknown';
  if (httpStatus === 204) return 'succeeded';
  if (httpStatus !== 200) throw new ArmError('read the operation', { status: httpStatus, code: 'OperationStatus' });
  return ended.get(statusIn(text)) ?? 'inProgress';
}

/** A Location URL answers the resource itself, without a status, once the operation has succeeded. */
function statusIn(text: string): string {
  const json = jsonIn(text);
  const fields = fieldsOf(json, []);
  const isResource = fields.text('id') !== undefined && !Object.hasOwn(json as object, 'status');
  return isResource ? 'succeeded' : (fields.text('status')?.toLowerCase() ?? 'unknown');
}
