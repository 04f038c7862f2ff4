// The keys of the local function app, and who a request may be by the key it brings.
import { randomBytes } from 'node:crypto';
import type { HttpInput } from '../../http/httpServer.ts';
import type { ServedFunction } from '../triggers/readFunctions.ts';

export type Keys = {
  /** The host key "default": opens every function of level `function`. */
  readonly default: string;
  /** The host key "_master": opens everything. */
  readonly master: string;
  /** The system key "eventgrid_extension": opens Event Grid's webhook. */
  readonly eventGrid: string;
  /** The function key "default" of each HTTP function, by the function's name: opens that function alone. */
  readonly functions: Readonly<Record<string, string>>;
};

export function completeKeys(given: Partial<Keys>, served: readonly ServedFunction[]): Keys {
  const random = () => randomBytes(32).toString('base64url');
  const names = served.filter(({ trigger }) => trigger === 'http').map(({ fn }) => fn.metadata.name);
  const functions = { ...Object.fromEntries(names.map((name) => [name, random()])), ...given.functions };
  return { default: random(), master: random(), eventGrid: random(), ...given, functions };
}

export function hasKey(request: HttpInput, accepted: readonly (string | undefined)[]): boolean {
  const key = request.headers['x-functions-key'] ?? request.url.searchParams.get('code') ?? '';
  return accepted.includes(key);
}
