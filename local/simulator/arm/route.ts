// What a request of the simulator is, and the tables that say how each is answered. Listed in routes.ts, read by router.ts.
import type { World } from '../world/world.ts';
import type { Answer } from './armAnswer.ts';

export type RoutedRequest = {
  readonly world: World;
  /** The value of one of the path's `{…}` segments, as it was spelled. */
  readonly parameter: (name: string) => string;
  readonly url: URL;
  readonly body: string;
  readonly token: string;
};

export type Handler = (request: RoutedRequest) => Answer;

/** Handlers by method and path, such as `GET /tenants`. The path is a template as those of HTTP functions are. */
export type RouteTable = Readonly<Record<string, Handler>>;

export function ok(body: object): Answer {
  return { status: 200, body };
}
