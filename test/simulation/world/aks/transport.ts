// What lies between the ARM adapter and the simulated ARM: every request of an invocation, with what can befall it on its
// way. Used by dependencies.ts.
import type { ArmRequest, ArmResponse } from '../../../../local/simulator/arm/armAnswer.ts';
import { keyOf } from '../../record/keyOf.ts';
import type { Invocation, Post } from '../../record/record.ts';
import type { Faults } from '../faults.ts';
import { isList, type KnownList, longestOf, recent, starts, strikeRequest } from './armFaults.ts';

export type Transport = (invocation: Invocation, request: ArmRequest) => Promise<ArmResponse>;

type TransportOptions = {
  readonly faults: Faults;
  readonly now: () => number;
  /** ARM itself; what it changes is noted as the keeper's. */
  readonly handle: (request: ArmRequest, post: number | undefined) => ArmResponse;
  /** What ARM says instead, where its answers are odd. */
  readonly oddly: (
    pathname: string,
    response: ArmResponse,
  ) => { readonly response: ArmResponse; readonly isUnreadable: boolean };
  readonly skewOf: (invocation: Invocation) => number;
  /** The id of the attempt in the cluster's row of Starts. */
  readonly attemptOf: (clusterKey: string) => Promise<string | undefined>;
  /** Also for one that was refused on its way. */
  readonly onPost: (post: Post) => void;
};

type Known = { posts: number; lists: readonly KnownList[] };

export function createTransport(options: TransportOptions): Transport {
  const { faults, now } = options;
  const known: Known = { posts: 0, lists: [] };
  return async (invocation, request) => {
    const { pathname } = new URL(request.url);
    const post = starts(request) ? toPost(options, known, invocation, pathname) : undefined;
    const attemptThen = post && (await options.attemptOf(post.clusterKey));
    let isFromArm = false;
    const effect = async (): Promise<ArmResponse> => {
      isFromArm = true;
      if (!post) return options.handle(request, undefined);
      const attempt = await options.attemptOf(post.clusterKey);
      const response = options.handle(request, post.id);
      notePost(options, post, attempt, response);
      return response;
    };
    known.lists = recent(known.lists, now());
    const struck = strikeRequest(faults, { invocation, request, pathname }, known.lists);
    try {
      const answered = await faults.call(invocation, effect, struck, longestOf(pathname) - 1);
      const response = isFromArm ? answered : dated(answered, now());
      if (post) {
        post.told = String(response.status);
        if (!isFromArm) notePost(options, post, attemptThen, response);
        return response;
      }
      const odd = options.oddly(pathname, response);
      noteRead(options, known, { invocation, pathname, isFromArm, isOdd: odd.isUnreadable }, response);
      return odd.response;
    } catch (thrown) {
      if (post) post.told = thrown instanceof Error ? thrown.message : String(thrown);
      throw thrown;
    }
  };
}

/** What comes out of a cache of ARM's is an answer of now all the same. */
function dated(response: ArmResponse, at: number): ArmResponse {
  const isDated = 'date' in response.headers;
  return isDated ? { ...response, headers: { ...response.headers, date: new Date(at).toUTCString() } } : response;
}

function notePost(
  { onPost, now }: TransportOptions,
  post: Post,
  attempt: string | undefined,
  answer: ArmResponse,
): void {
  onPost(Object.assign(post, { at: now(), attempt, status: answer.status, ...retryAfter(answer) }));
}

function noteRead(
  { now }: TransportOptions,
  known: Known,
  read: {
    readonly invocation: Invocation;
    readonly pathname: string;
    readonly isFromArm: boolean;
    readonly isOdd: boolean;
  },
  response: ArmResponse,
): void {
  const { invocation, pathname: path, isFromArm, isOdd } = read;
  const { status, body } = response;
  const stale = !isFromArm && status === 200 ? { stale: true as const } : {};
  invocation.reads.push({ at: now(), path, status, body, ...stale, ...(isOdd && { isUnreadable: true as const }) });
  if (isFromArm && isList(path) && status === 200) known.lists = [...known.lists, { at: now(), path, response }];
}

function toPost(options: TransportOptions, known: Known, invocation: Invocation, pathname: string): Post {
  const [clusterId = '', nodePool = ''] = pathname.split(/\/agentPools\//i);
  known.posts += 1;
  return {
    id: known.posts,
    at: options.now(),
    invocation,
    clusterKey: keyOf(clusterId),
    nodePool: nodePool.split('/')[0]?.toLowerCase() ?? '',
    attempt: undefined,
    status: 0,
    skew: options.skewOf(invocation),
  };
}

function retryAfter({ status, headers }: ArmResponse): { readonly retryAfterSeconds?: number } {
  return status === 429 ? { retryAfterSeconds: Number(headers['retry-after']) } : {};
}
