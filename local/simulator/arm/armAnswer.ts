// A request of the simulator on its way: as it reaches ARM, routed, and the answers of ARM, errors first of all.
import { STATUS_CODES } from 'node:http';
import type { World } from '../world/world.ts';

/** A request as it reaches ARM: absolute URL, or path and query; header names in lower case. */
export type ArmRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type ArmResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The request took effect at once; its answer takes this long. */
  readonly delaySeconds?: number;
  /** The request took effect, its answer never arrives: the connection is reset. */
  readonly lost?: true;
};

/** An answer before it is dressed with ARM's own headers. Without a body it is sent empty. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

export function armError(status: number, code: string, message: string, headers?: Record<string, string>): Answer {
  return { status, body: { error: { code, message } }, headers };
}

export function groupNotFound(group: string): Answer {
  return armError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
}

/** 409: AKS runs one operation at a time; a stopped cluster and a pool of mode Machines are refused alike. */
export function operationNotAllowed(why: string): Answer {
  return armError(409, 'OperationNotAllowed', `Operation is not allowed: ${why}`);
}

export function resourceNotFound(resource: string, group: string): Answer {
  return armError(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function throttled(code: string, what: string, retryAfterSeconds: number): Answer {
  return armError(
    429,
    code,
    `The request limit for ${what} has been exceeded, please retry again in ${retryAfterSeconds} seconds.`,
    { 'retry-after': String(retryAfterSeconds) },
  );
}

export function serverError(status = 503): Answer {
  const code = (STATUS_CODES[status] ?? 'Internal Server Error').replaceAll(' ', '');
  return armError(status, code, 'The service could not answer; please try again.');
}

export type RoutedRequest = {
  readonly world: World;
  /** The value of one of the path's `{…}` segments, as it was spelled. */
  readonly parameter: (name: string) => string;
  readonly url: URL;
  readonly body: string;
  readonly token: string;
  /** x-ms-correlation-request-id, where the client sent one. */
  readonly correlationId: string | undefined;
};

export type Handler = (request: RoutedRequest) => Answer;

/** Handlers by method and path, such as `GET /tenants`. The path is a template as those of HTTP functions are. */
export type RouteTable = Readonly<Record<string, Handler>>;

export function ok(body: object): Answer {
  return { status: 200, body };
}
