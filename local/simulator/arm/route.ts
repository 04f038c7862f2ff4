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
  /** As it was sent; not checked. */
  readonly body: string;
  /** The bearer token; empty without one. */
  readonly token: string;
};

export type Handler = (request: RoutedRequest) => Answer;

/** `path` is compared without regard to case; a `{…}` segment takes any value. ARM's own requests have no limit of AKS. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly limit?: AksLimit;
  /** Needs no token. */
  readonly anonymous?: true;
  readonly answer: Handler;
};

export function ok(body: object): Answer {
  return { status: 200, body };
}
