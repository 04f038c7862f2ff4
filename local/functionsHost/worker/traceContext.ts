// The trace that an invocation belongs to, as W3C's Trace Context says it. Used by invoke.ts and httpTrigger.ts.
import { randomBytes } from 'node:crypto';
import type { TraceContext } from './rpc.ts';

const traceParent = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})/;

export function newTrace(): TraceContext {
  return { traceParent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`, traceState: '' };
}

export function continueTrace(headers: Readonly<Record<string, string>>): TraceContext {
  const [, traceId, flags] = traceParent.exec(headers['traceparent'] ?? '') ?? [];
  if (traceId === undefined) return newTrace();
  const span = randomBytes(8).toString('hex');
  return { traceParent: `00-${traceId}-${span}-${flags}`, traceState: headers['tracestate'] ?? '' };
}
