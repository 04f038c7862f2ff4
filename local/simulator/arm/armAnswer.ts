// Answers of ARM and of the AKS resource provider, errors first of all. Made by routes.ts and router.ts.

/** A request as it reaches ARM: absolute URL, or path and query; header names in lower case. */
export type ArmRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Header names in lower case. */
export type ArmResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The request took effect at once, its answer is so long on its way. */
  readonly delaySeconds?: number;
  /** The request took effect, its answer never arrives: the connection is reset. */
  readonly lost?: true;
};

/** An answer before it is dressed with ARM's own headers. Without a body it is sent empty. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An error in ARM's shape. */
export function armError(status: number, code: string, message: string, headers?: Record<string, string>): Answer {
  return { status, body: { error: { code, message } }, ...(headers && { headers }) };
}

/** 409: AKS runs one operation at a time; a stopped cluster and a pool of mode Machines are refused alike. */
export function operationNotAllowed(why: string): Answer {
  return armError(409, 'OperationNotAllowed', `Operation is not allowed: ${why}`);
}

/** 429 with the whole seconds after which a request will be taken again. */
export function throttled(code: string, what: string, retryAfterSeconds: number): Answer {
  return armError(
    429,
    code,
    `The request limit for ${what} has been exceeded, please retry again in ${retryAfterSeconds} seconds.`,
    { 'retry-after': String(retryAfterSeconds) },
  );
}

const serverErrors: Readonly<Record<number, string>> = {
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** 5xx, by default 503. */
export function serverError(status = 503): Answer {
  return armError(
    status,
    serverErrors[status] ?? 'InternalServerError',
    'The service could not answer; please try again.',
  );
}
