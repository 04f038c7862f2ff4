// From a request to an answer: ARM's own checks in ARM's order, then the route, then ARM's headers.
import { parseRoute, pathSegments } from '../../http/routeTemplate.ts';
import { byRequest, report } from '../events/whoDidIt.ts';
import { type RequestFault, takeRequestFault } from '../faults/armedFaults.ts';
import type { FaultOf } from '../faults/fault.ts';
import { answerKubernetes } from '../kubernetes/kubernetesApi.ts';
import { normalizeRegion, sameName } from '../world/names.ts';
import { guid } from '../world/random.ts';
import { findCluster, subscriptionsOf, type World } from '../world/world.ts';
import {
  type Answer,
  type ArmRequest,
  type ArmResponse,
  armError,
  type RoutedRequest,
  serverError,
  throttled,
} from './armAnswer.ts';
import { endpointsPath } from './armRoutes.ts';
import { notServed } from './notServed.ts';
import { type Route, routes } from './routes.ts';
import type { Throttle } from './throttling.ts';

type Match = { readonly route: Route; readonly parameters: Readonly<Record<string, string>> };

export function route(world: World, throttle: Throttle, request: ArmRequest): ArmResponse {
  // As the client knows it, since answers carry absolute URLs back.
  const url = new URL(request.url, `https://${request.headers['host'] ?? 'management.azure.com'}`);
  const strikes = <Kind extends RequestFault['kind']>(kind: Kind) =>
    takeRequestFault(world, kind, request.method, url.pathname);
  const failure = strikes('serverError');
  const limit = failure ? undefined : strikes('throttled');
  const isSignedIn = request.headers['authorization'] !== undefined;
  const kubernetes = answerKubernetes(world, url, { method: request.method, isSignedIn });
  if (kubernetes === 'unreachable') return { status: 0, headers: {}, body: '', lost: true };
  const real = refusalBy(failure, limit) ?? kubernetes ?? answerTo(world, throttle, request, url);
  // Only the answer to an accepted request can get lost.
  const lost = real.status < 400 ? strikes('lostAnswer') : undefined;
  const answer = lost?.status === undefined ? real : serverError(lost.status);
  const slow = strikes('slowAnswer');
  return {
    status: answer.status,
    headers: {
      ...armHeaders(world, request),
      ...(answer.body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      ...answer.headers,
    },
    body: answer.body === undefined ? '' : JSON.stringify(answer.body),
    ...(slow && { delaySeconds: slow.seconds }),
    ...(lost && lost.status === undefined && { lost: true }),
  };
}

function refusalBy(failure: FaultOf<'serverError'> | undefined, limit: FaultOf<'throttled'> | undefined) {
  if (failure) return serverError(failure.status);
  return limit && throttled('TooManyRequests', 'this subscription', limit.retryAfterSeconds ?? 5);
}

function armHeaders({ random, time }: World, { headers }: ArmRequest): Record<string, string> {
  const requestId = guid(random);
  const clientRequestId = headers['x-ms-client-request-id'];
  const isWanted = headers['x-ms-return-client-request-id']?.toLowerCase() === 'true';
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    date: new Date(time.epochMilliseconds).toUTCString(),
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': headers['x-ms-correlation-request-id'] ?? requestId,
    'x-ms-routing-request-id': `SIMULATOR:${time.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}:${requestId}`,
    ...(clientRequestId && isWanted && { 'x-ms-client-request-id': clientRequestId }),
  };
}

function answerTo(world: World, throttle: Throttle, { method, headers, body = '' }: ArmRequest, url: URL): Answer {
  const matches = matchesOf(url.pathname);
  const { authorization } = headers;
  if (!authorization && !matches.some(({ route }) => route.path === endpointsPath)) {
    return armError(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.", {
      'www-authenticate':
        'Bearer authorization_uri="https://login.windows.net/", error="invalid_token", error_description="The Authorization header is missing."',
    });
  }
  if (!url.searchParams.get('api-version')) {
    const missing = 'The api-version query parameter (?api-version=) is required for all requests.';
    return armError(400, 'MissingApiVersionParameter', missing);
  }
  const match = matches.find(({ route }) => route.method === method);
  if (!match) return notServed(world, method, url.pathname, body);
  return answerInSubscription(throttle, match, {
    world,
    url,
    body,
    token: authorization?.replace(/^bearer /i, '') ?? '',
    correlationId: headers['x-ms-correlation-request-id'],
    parameter: (name) => match.parameters[name] ?? '',
  });
}

/** The part that needs a subscription: it must exist, and neither ARM nor AKS may have had too many requests for it. */
function answerInSubscription(throttle: Throttle, { route, parameters }: Match, request: RoutedRequest): Answer {
  const { world } = request;
  const subscription = parameters['subscription'];
  if (subscription === undefined) return route.answer(request);
  if (!subscriptionsOf(world).some((known) => sameName(known, subscription))) {
    return armError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  }
  const kind = route.method === 'GET' ? 'reads' : 'writes';
  const arm = throttle(kind === 'reads' ? 'armReads' : 'armWrites', subscription, world.time);
  const aks = (): Answer | undefined =>
    route.limit && throttle(route.limit, scopeOf(world, route, parameters), world.time).refusal;
  const answer = arm.refusal ?? aks() ?? route.answer(request);
  const { url, token, correlationId: sent } = request;
  report(world, byRequest(world, { method: route.method, url, token, sent }), answer);
  return {
    ...answer,
    headers: { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(arm.remaining), ...answer.headers },
  };
}

/** AKS counts in each region of a subscription, which is that of the cluster; lists are of all regions (AKS-FACTS section 5). */
function scopeOf(world: World, { limit }: Route, parameters: Match['parameters']): string {
  const { subscription = '', resourceGroup = '', cluster = '' } = parameters;
  if (limit === 'getCluster') return [subscription, resourceGroup, cluster].join('|');
  if (limit === 'listGroup') return `${subscription}|${resourceGroup}`;
  const id = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;
  const found = findCluster(world, id);
  return `${subscription}|${normalizeRegion(found?.resource.location ?? '')}`;
}

const templates = routes.map((route) => ({ route, match: parseRoute(route.path).match }));

function matchesOf(pathname: string): readonly Match[] {
  const path = pathname.replaceAll(/\/+/g, '/');
  const segments = pathSegments(path) ?? path.split('/').filter(Boolean);
  return templates.flatMap(({ route, match }) => {
    const parameters = match(segments);
    return parameters ? [{ route, parameters }] : [];
  });
}
