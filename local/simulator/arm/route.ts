// What a request of the simulator is: its method, path, limit and answer. Listed in routes.ts, read by router.ts.
import type { World } from '../world/world.ts';
import type { Answer } from './armAnswer.ts';
import type { AksLimit } from './throttling.ts';

/** A request whose path was understood and whose subscription is known. */
export type RoutedRequest = {
  readonly world: World;
  /** The value of one of the path's `{…}` segments, as it was spelled. */
  readonly parameter: (name: string) => string;
  readonly url: URL;
  readonly body: string;
  readonly token: string;
};

export type Handler = (request: RoutedRequest) => Answer;

/** `path` is a template as those of HTTP functions are. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly limit?: AksLimit;
  readonly anonymous?: true;
  readonly answer: Handler;
};

/** A request that AKS does not limit, or has no part in. */
export function get(path: string, answer: Handler): Route {
  return { method: 'GET', path, answer };
}

export function aks(method: Route['method'], path: string, answer: Handler, limit: AksLimit = 'other'): Route {
  return { method, path, limit, answer };
}

export function ok(body: object): Answer {
  return { status: 200, body };
}
