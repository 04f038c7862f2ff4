// ARM's answers to a question about an asynchronous operation. Called by the ARM adapter.
import type { OperationStatus } from '../domain/attempt.ts';
import { ArmError } from '../ports.ts';

/** Azure-AsyncOperation answers 200 with a status; Location 202 while it runs; an operation that ARM forgot is 404. */
export function toStatus(httpStatus: number, text: string): OperationStatus {
  if (httpStatus === 202) return 'inProgress';
  if (httpStatus === 404) return 'unknown';
  if (httpStatus === 204) return 'succeeded';
  if (httpStatus !== 200) throw new ArmError('read the operation', { status: httpStatus, code: 'OperationStatus' });
  switch (statusIn(text)) {
    // A Location URL answers the resource itself, without a status, once the operation has ended well.
    case undefined:
    case 'succeeded':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'canceled':
    case 'cancelled':
      return 'canceled';
    case 'unknown':
      return 'unknown';
    default:
      return 'inProgress';
  }
}

function statusIn(text: string): string | undefined {
  try {
    const { status } = JSON.parse(text) as { status?: unknown };
    return typeof status === 'string' ? status.toLowerCase() : undefined;
  } catch {
    return 'unknown';
  }
}
