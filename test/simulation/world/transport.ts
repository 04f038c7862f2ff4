// What lies between the ARM adapter and the simulated ARM: every request of an invocation, with what can befall it on its
// way. Used by run.ts.
import type { ArmRequest, ArmResponse } from '../../../local/simulator/arm/armAnswer.ts';
import { refusedPool } from '../draw/drawFleet.ts';
import type { Invocation, Post } from '../record/record.ts';
import type { Faults, Struck } from './faults.ts';
import { keyOf } from './truth.ts';

export type Transport = (invocation: Invocation, request: ArmRequest) => Promise<ArmResponse>;

type TransportOptions = {
  readonly faults: Faults;
  readonly now: () => number;
  /** ARM itself; what it changes is noted as the keeper's. */
  readonly handle: (request: ArmRequest, post: number | undefined) => ArmResponse;
  readonly skewOf: (invocation: Invocation) => number;
  /** The id of the attempt in the cluster's row of Starts. */
  readonly attemptOf: (clusterKey: string) => Promise<string | undefined>;
  /** Also for one that was refused on its way. */
  readonly onPost: (post: Post) => void;
};

/** The adapter gives every request up after this long. */
const timeOut = 30_000;
/** And what it asks of a cluster's Kubernetes API after this long. */
const kubernetesTimeOut = 10_000;
/** How old an answer out of a cache of ARM's can be. */
const oldestList = 10 * 60_000;

export function createTransport(options: TransportOptions): Transport {
  const { faults, now } = options;
  let requests = 0;
  let lists: { readonly at: number; readonly path: string; readonly response: ArmResponse }[] = [];

  function staleList(invocation: Invocation, path: string): Struck<ArmResponse> | undefined {
    if (!/\/managedClusters$/i.test(path) || !faults.strikes('armStaleList', invocation)) return undefined;
    const known = lists.filter((list) => list.path === path && list.at > now() - oldestList);
    const old = known.length > 0 && faults.draw.pick(known);
    return old ? { instead: () => old.response } : undefined;
  }

  /** A list without one of the clusters, as one that is put together out of several places can be. */
  function shortList(invocation: Invocation, path: string): Struck<ArmResponse> | undefined {
    if (!/\/managedClusters$/i.test(path) || !faults.strikes('armShortList', invocation)) return undefined;
    const last = lists.at(-1)?.response;
    if (!last) return undefined;
    const { value } = JSON.parse(last.body) as { readonly value: readonly unknown[] };
    const left = faults.draw.whole(0, value.length);
    return {
      instead: () => ({ ...last, body: JSON.stringify({ value: value.filter((_, index) => index !== left) }) }),
    };
  }

  function strike(invocation: Invocation, request: ArmRequest, longest: number): Struck<ArmResponse> | undefined {
    const { pathname } = new URL(request.url);
    const isStart = starts(request);
    const is = (kind: Parameters<Faults['strikes']>[0]) => faults.strikes(kind, invocation);
    const [before, after] = [faults.draw.whole(0, 800), faults.draw.whole(0, 800)];
    // AKS says 409 in the same words, be it busy for a moment or for ever.
    if (isStart && pathname.includes(`/${refusedPool}/`)) {
      return { instead: () => error(409, 'OperationNotAllowed') };
    }
    if (is('armServerError')) return { instead: () => error(503, 'ServiceUnavailable') };
    if (is('armReset')) return { instead: reset };
    if (is('armTimeOut')) return { before: longest, instead: aborted };
    if (is('armThrottled')) {
      const seconds = String(faults.draw.whole(1, faults.draw.pick([60, 300, 2400])));
      return { instead: () => error(429, 'Throttled', { 'retry-after': seconds }) };
    }
    if (isStart) {
      if (is('crashAtRequest')) return { before, after, crash: faults.draw.pick(['before', 'after']) };
      if (is('armServerErrorAfter')) return { before, after, afterwards: () => error(500, 'InternalServerError') };
      if (is('armResetAfter')) return { before, after, afterwards: reset };
      if (is('armTimeOutAfter')) {
        const reaches = faults.draw.whole(0, timeOut - 1);
        return { before: reaches, after: timeOut - reaches, afterwards: aborted };
      }
      if (is('armBusy')) return { instead: () => error(409, 'OperationNotAllowed') };
      if (is('armPrecondition')) return { instead: () => error(412, 'PreconditionFailed') };
      return undefined;
    }
    if (/upgradeProfiles\/default$/i.test(pathname) && is('armUnreadableLatest')) {
      const body = JSON.stringify({
        id: '',
        name: 'default',
        properties: { latestNodeImageVersion: 'AKSUbuntu-of-late' },
      });
      return { instead: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body }) };
    }
    return staleList(invocation, pathname) ?? shortList(invocation, pathname);
  }

  return async (invocation, request) => {
    const { pathname } = new URL(request.url);
    const longest = pathname.startsWith('/kubernetes/') ? kubernetesTimeOut : timeOut;
    const post = starts(request) ? toPost(invocation, pathname) : undefined;
    const attemptThen = post && (await options.attemptOf(post.clusterKey));
    let isFromArm = false;
    const effect = async (): Promise<ArmResponse> => {
      isFromArm = true;
      if (!post) return options.handle(request, undefined);
      const attempt = await options.attemptOf(post.clusterKey);
      const response = options.handle(request, post.id);
      options.onPost(Object.assign(post, { at: now(), attempt, status: response.status, ...retryAfter(response) }));
      return response;
    };
    try {
      const response = await faults.call(invocation, effect, strike(invocation, request, longest), longest - 1);
      if (post) {
        post.told = String(response.status);
        if (!isFromArm)
          options.onPost(
            Object.assign(post, { at: now(), attempt: attemptThen, status: response.status, ...retryAfter(response) }),
          );
      } else {
        const stale = !isFromArm && response.status === 200 ? { stale: true as const } : {};
        invocation.reads.push({ at: now(), path: pathname, status: response.status, body: response.body, ...stale });
        if (isFromArm && /\/managedClusters$/i.test(pathname) && response.status === 200) {
          lists = [...lists.filter(({ at }) => at > now() - oldestList), { at: now(), path: pathname, response }];
        }
      }
      return response;
    } catch (thrown) {
      if (post) post.told = thrown instanceof Error ? thrown.message : String(thrown);
      throw thrown;
    }
  };

  function toPost(invocation: Invocation, pathname: string): Post {
    const [clusterId = '', nodePool = ''] = pathname.split(/\/agentPools\//i);
    return {
      id: ++requests,
      at: now(),
      invocation,
      clusterKey: keyOf(clusterId),
      nodePool: nodePool.split('/')[0]?.toLowerCase() ?? '',
      attempt: undefined,
      status: 0,
      skew: options.skewOf(invocation),
    };
  }
}

/** A kubeconfig is asked for by POST too, and changes nothing. */
function starts({ method, url }: ArmRequest): boolean {
  return method === 'POST' && !/\/listClusterUserCredential\?/i.test(url);
}

function error(status: number, code: string, headers: Record<string, string> = {}): ArmResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error: { code, message: 'Simulated: something is wrong.' } }),
  };
}

function retryAfter({ status, headers }: ArmResponse): { readonly retryAfterSeconds?: number } {
  return status === 429 ? { retryAfterSeconds: Number(headers['retry-after']) } : {};
}

function reset(): never {
  throw Object.assign(new Error('Simulated: read ECONNRESET'), { code: 'ECONNRESET' });
}

function aborted(): never {
  throw Object.assign(new Error('Simulated: the request was aborted.'), { name: 'AbortError' });
}
