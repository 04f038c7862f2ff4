// The data that host and worker exchange, in the shape of the worker's protocol, and the trace that they continue.
import { randomBytes } from 'node:crypto';

type NullableString = { readonly value: string };

/** One value on its way in or out: exactly one of these is set. */
export type TypedData = {
  readonly string?: string | null;
  readonly json?: string | null;
  readonly bytes?: Uint8Array | null;
  readonly int?: number | null;
  readonly double?: number | null;
  readonly http?: HttpRequestData | HttpResponseData | null;
};

type HttpRequestData = {
  readonly method: string;
  readonly url: string;
  readonly nullableHeaders: Readonly<Record<string, NullableString>>;
  readonly nullableQuery: Readonly<Record<string, NullableString>>;
  readonly nullableParams: Readonly<Record<string, NullableString>>;
  readonly body?: TypedData;
};

/** A cookie as an HTTP function answers it. `explicitNone` is SameSite=None, `none` says nothing about SameSite. */
export type HttpCookie = {
  readonly name: string;
  readonly value: string;
  readonly domain?: NullableString | undefined;
  readonly path?: NullableString | undefined;
  readonly expires?: { readonly value: { readonly seconds: number } } | undefined;
  readonly secure?: { readonly value: boolean } | undefined;
  readonly httpOnly?: { readonly value: boolean } | undefined;
  readonly sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  readonly maxAge?: { readonly value: number } | undefined;
};

export type HttpResponseData = {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly HttpCookie[];
  readonly body?: TypedData | null;
};

export type TraceContext = { readonly traceParent: string; readonly traceState: string };

/** Tells a function that this run is a retry: its number, the maximum (-1: no limit), and the error before it. */
export type RetryContext = {
  readonly retryCount: number;
  readonly maxRetryCount: number;
  readonly exception: { readonly message: string; readonly source: string; readonly stackTrace: string };
};

export type InvocationResponse = {
  readonly returnValue?: TypedData | null | undefined;
  readonly outputData?: readonly { readonly name: string; readonly data: TypedData }[];
};

export function textOrBytes(data: TypedData | null | undefined): string | Uint8Array | undefined {
  const number = data?.int ?? data?.double;
  return data?.string ?? data?.json ?? data?.bytes ?? (number == null ? undefined : String(number));
}

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
