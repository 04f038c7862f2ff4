// What the SDK throws -> the errors and answers of the Arm port. Called by the ARM adapter.
import { ArmError, type StartAnswer } from '../ports.ts';

/** What a callback of the SDK sees of a response. */
export type RawResponse = {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly bodyAsText?: string | null | undefined;
};

/** The parts of the SDK's errors that are read here. */
type SdkError = {
  readonly statusCode?: number | string;
  readonly code?: string;
  readonly message?: string;
  readonly response?: RawResponse;
};

/** Runs a request; what goes wrong is an ArmError that says what was asked. */
export async function read<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw toArmError(what, cause);
  }
}

/** The same, with undefined for ARM's 404. */
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
  const retryAfterSeconds = retryAfterOf(response);
  return new ArmError(what, {
    ...(status === undefined ? {} : { status }),
    code: code ?? 'Unreachable',
    ...(message === undefined ? {} : { message }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause,
  });
}

function retryAfterOf(response: RawResponse | undefined): number | undefined {
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** 4xx is ARM's no. Anything else (5xx, a reset, a time-out) may have been taken. 408 is the service's own time-out. */
export function toRefusal(error: unknown, answer: RawResponse | undefined): StartAnswer {
  const { code, message, response } = error as SdkError;
  const status = answer?.status ?? statusOf(error);
  const text = message ?? String(error);
  if (status === undefined || status < 400 || status >= 500 || status === 408)
    return { kind: 'unclear', message: text };
  const retryAfterSeconds = retryAfterOf(answer ?? response);
  return {
    kind: 'refused',
    status,
    code: code ?? 'Unknown',
    message: text,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}
