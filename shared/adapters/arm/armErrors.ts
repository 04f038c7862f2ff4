// What the SDK throws and ARM answers -> the errors and answers of the Arm port. Called by the adapters of ARM.
import { Temporal } from 'temporal-polyfill';
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { shortened } from '../../domain/text/shortened.ts';
import { ArmError, type StartAnswer } from '../../ports/arm.ts';
import { fieldsOf } from './armFields.ts';

export type RawResponse = {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly bodyAsText?: string | null | undefined;
};

/** Characters of an answer that are kept. */
const maxMessage = 4000;

type SdkError = {
  readonly statusCode?: number | string;
  readonly code?: unknown;
  readonly message?: string;
  readonly response?: RawResponse;
};

export function httpError(response: RawResponse): Error {
  const error = fieldsOf(jsonIn(response.bodyAsText), []).object('error');
  const code = error.text('code') ?? 'Unknown';
  return Object.assign(new Error(error.message('message') ?? ''), { statusCode: response.status, code, response });
}

export function unexpected(why: string): Error {
  const message = `the answer is not as expected: ${why.replaceAll(/\s+/g, ' ')}`;
  return Object.assign(new Error(message), { code: 'UnexpectedAnswer' });
}

export async function read<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw toArmError(what, cause);
  }
}

export async function readOrAbsent<T>(what: string, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (cause) {
    if (statusOf(cause) === 404) return undefined;
    throw toArmError(what, cause);
  }
}

function statusOf(error: unknown): number | undefined {
  const { statusCode, response } = error as SdkError;
  const status = Number(statusCode ?? response?.status);
  return Number.isInteger(status) ? status : undefined;
}

function toArmError(what: string, cause: unknown): ArmError {
  if (cause instanceof ArmError) return cause;
  const { code, message, response } = cause as SdkError;
  const status = statusOf(cause);
  const said = message && shortened(message, maxMessage);
  return new ArmError(what, { status, code: codeIn(code) ?? 'Unreachable', message: said, ...waitIn(response), cause });
}

function codeIn(code: unknown): string | undefined {
  return typeof code === 'string' && code !== '' ? code : undefined;
}

function waitIn(response: RawResponse | undefined) {
  const date = dateOf(response?.headers.get('date'));
  const header = response?.headers.get('retry-after')?.trim() || undefined;
  const until = date && dateOf(header);
  const given = Number(header ?? Number.NaN);
  const seconds = Number.isNaN(given) && until ? Math.max(0, date.until(until).total('seconds')) : given;
  return { retryAfterSeconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined, date };
}

export function dateOf(header: string | undefined): Temporal.Instant | undefined {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? undefined : Temporal.Instant.fromEpochMilliseconds(time);
}

/** 4xx is ARM's no. Anything else may have been taken, 408 (the service's own time-out) included. */
export function toRefusal(error: unknown, answer: RawResponse | undefined): StartAnswer {
  const { code, message, response } = error as SdkError;
  const status = answer?.status ?? statusOf(error);
  const text = shortened(message ?? String(error), maxMessage);
  if (status === undefined || status < 400 || status >= 500 || status === 408)
    return { kind: 'unclear', message: text };
  return { kind: 'refused', status, code: codeIn(code) ?? 'Unknown', message: text, ...waitIn(answer ?? response) };
}
