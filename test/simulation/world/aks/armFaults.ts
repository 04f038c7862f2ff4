// What befalls a request to ARM on its way. Used by transport.ts.
import type { ArmRequest, ArmResponse } from '../../../../local/simulator/arm/armAnswer.ts';
import { refusedPool } from '../../draw/drawPools.ts';
import type { Invocation } from '../../record/record.ts';
import type { Faults, Struck } from '../faults.ts';

/** The adapter gives every request up after this long. */
const timeOut = 30_000;
/** And what it asks of a cluster's Kubernetes API after this long. */
const kubernetesTimeOut = 10_000;
/** How old an answer out of a cache of ARM's can be. */
const oldestList = 10 * 60_000;

/** Answers of ARM to a list of clusters, which it can give again. */
export type KnownList = { readonly at: number; readonly path: string; readonly response: ArmResponse };

type Request = { readonly invocation: Invocation; readonly request: ArmRequest; readonly pathname: string };
type Strike = Struck<ArmResponse> | undefined;

/** Milliseconds after which the caller gives up. */
export function longestOf(pathname: string): number {
  return pathname.startsWith('/kubernetes/') ? kubernetesTimeOut : timeOut;
}

export function isList(pathname: string): boolean {
  return /\/managedClusters$/i.test(pathname);
}

export function recent(lists: readonly KnownList[], now: number): readonly KnownList[] {
  return lists.filter(({ at }) => at > now - oldestList);
}

export function strikeRequest(faults: Faults, about: Request, lists: readonly KnownList[]): Strike {
  const { invocation, request, pathname } = about;
  const isStart = starts(request);
  // AKS says 409 in the same words, be it busy for a moment or for ever.
  if (isStart && pathname.includes(`/${refusedPool}/`)) return { instead: () => error(409, 'OperationNotAllowed') };
  const is = (kind: Parameters<Faults['strikes']>[0]) => faults.strikes(kind, invocation);
  if (is('armServerError')) return { instead: () => error(503, 'ServiceUnavailable') };
  if (is('armReset')) return { instead: reset };
  if (is('armTimeOut')) return { before: longestOf(pathname), instead: aborted };
  if (is('armThrottled')) {
    const seconds = String(faults.draw.whole(1, faults.draw.pick([60, 300, 2400])));
    return { instead: () => error(429, 'Throttled', { 'retry-after': seconds }) };
  }
  if (isStart) return strikeStart(faults, is);
  if (/upgradeProfiles\/default$/i.test(pathname) && is('armUnreadableLatest')) return { instead: unreadableLatest };
  if (!isList(pathname)) return undefined;
  return strikeList(faults, is, lists, pathname);
}

function strikeStart({ draw }: Faults, is: (kind: Parameters<Faults['strikes']>[0]) => boolean): Strike {
  const [before, after] = [draw.whole(0, 800), draw.whole(0, 800)];
  if (is('crashAtRequest')) return { before, after, crash: draw.pick(['before', 'after']) };
  if (is('armServerErrorAfter')) return { before, after, afterwards: () => error(500, 'InternalServerError') };
  if (is('armResetAfter')) return { before, after, afterwards: reset };
  if (is('armTimeOutAfter')) {
    const reaches = draw.whole(0, timeOut - 1);
    return { before: reaches, after: timeOut - reaches, afterwards: aborted };
  }
  if (is('armBusy')) return { instead: () => error(409, 'OperationNotAllowed') };
  if (is('armPrecondition')) return { instead: () => error(412, 'PreconditionFailed') };
  return undefined;
}

/** A list out of a cache, or one without one of the clusters, as one that is put together out of several places can be. */
function strikeList(
  { draw }: Faults,
  is: (kind: Parameters<Faults['strikes']>[0]) => boolean,
  lists: readonly KnownList[],
  pathname: string,
): Strike {
  if (is('armStaleList')) {
    const known = lists.filter(({ path }) => path === pathname);
    if (known.length > 0) {
      const { response } = draw.pick(known);
      return { instead: () => response };
    }
  }
  const last = lists.at(-1)?.response;
  if (!is('armShortList') || !last) return undefined;
  const { value } = JSON.parse(last.body) as { readonly value: readonly unknown[] };
  const left = draw.whole(0, value.length);
  const body = JSON.stringify({ value: value.filter((_, index) => index !== left) });
  return { instead: () => ({ ...last, body }) };
}

function unreadableLatest(): ArmResponse {
  const properties = { latestNodeImageVersion: 'AKSUbuntu-of-late' };
  const body = JSON.stringify({ id: '', name: 'default', properties });
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

/** A kubeconfig is asked for by POST too, and changes nothing. */
export function starts({ method, url }: ArmRequest): boolean {
  return method === 'POST' && !/\/listClusterUserCredential\?/i.test(url);
}

function error(status: number, code: string, headers: Record<string, string> = {}): ArmResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error: { code, message: 'Simulated: something is wrong.' } }),
  };
}

function reset(): never {
  throw Object.assign(new Error('Simulated: read ECONNRESET'), { code: 'ECONNRESET' });
}

function aborted(): never {
  throw Object.assign(new Error('Simulated: the request was aborted.'), { name: 'AbortError' });
}
