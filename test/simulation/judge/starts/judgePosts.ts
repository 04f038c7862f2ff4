// Judges every request that reached ARM: may it have been sent, on what its invocation had read and on what was true?
// Called by checker.ts.
import type { ArmRead, Post, RunRecord, Violation, Wrong } from '../../record/record.ts';
import { openAt, readWindow } from '../own/calendar.ts';
import { isLaterRelease, isNewer } from '../own/images.ts';
import { type PolicyRead, readPolicyRow, ringIndex, selectsCluster } from '../own/judgePolicy.ts';
import { leftByLedger } from '../own/stepsBack.ts';
import { judgeAmongPosts, nameOf } from './judgeAmongPosts.ts';
import { judgeBasis } from './judgeBasis.ts';
import { judgeBudgets } from './judgeBudgets.ts';
import { judgeHeld } from './judgeHeld.ts';
import { judgePreflight } from './judgePreflight.ts';
import { judgePromotion } from './judgePromotion.ts';
import { judgeRoom } from './judgeRoom.ts';
import { type ClusterJson, isOwnFailure, judgeChannel, judgeState, type PoolJson } from './judgeState.ts';

type ConfigurationJson = { readonly name: string; readonly properties?: { readonly maintenanceWindow?: unknown } };

const minute = 60_000;
/** Nothing is started this close to an edge, by the clock that decides. */
const edge = minute;

export function judgePosts(record: RunRecord): {
  readonly violations: readonly Violation[];
  /** Requests for pools of later rings. */
  readonly promotions: number;
} {
  const violations: Violation[] = [];
  let promotions = 0;
  for (const post of record.posts) {
    const ring = judgeOne(record, post, (check, what) => violations.push({ check, what: `${nameOf(post)}: ${what}` }));
    if (ring > 0) promotions += 1;
    violations.push(...judgeAmongPosts(record, post));
  }
  return { violations, promotions };
}

/** What an invocation had read when it sent its request. */
type Read = {
  readonly cluster: ClusterJson;
  readonly pool: PoolJson;
  /** `maintenanceWindow` in ARM's JSON. */
  readonly window: string;
  readonly latest: string | undefined;
  /** After the last read, by the clock that decided. */
  readonly decidedAt: number;
};

/** On what the invocation had read before. Answers with the index of the pool's ring; -1: none. */
function judgeOne(record: RunRecord, post: Post, wrong: Wrong): number {
  const { invocation, nodePool } = post;
  if (post.attempt === undefined) wrong('intent before request', 'no intent was stored when it reached ARM');
  if (!invocation.message || (invocation.message as { nodePool?: string }).nodePool?.toLowerCase() !== nodePool) {
    wrong('asked for', 'no message asks for this pool');
  }
  const read = readBefore(post, wrong);
  if (!read) return -1;
  const { cluster, pool, latest, decidedAt } = read;
  judgeState(cluster, pool, isOwnFailure(record, post), wrong);
  judgeImage(record, post, read, wrong);
  judgeChannel(cluster, pool, wrong);
  const policy = readPolicyRow(invocation.policy?.value);
  judgePreflight(invocation, pool, policy, wrong);
  judgeBudgets(invocation, pool, policy, wrong);
  const member = { clusterKey: post.clusterKey, nodePool, tags: cluster.tags ?? {} };
  if (!policy || !selectsCluster(policy, member)) {
    wrong('policy', `the policy read was ${JSON.stringify(invocation.policy?.value)}`);
    return -1;
  }
  const index = ringIndex(policy, member);
  const judged = { policy, ring: policy.rings?.[index], decidedAt, image: latest ?? '' };
  judgeHeld(record, post, judged, wrong);
  judgePromotion(record, post, judged, wrong);
  judgeBasis(record, post, judged, wrong);
  judgeWindow(record, post, read, policy, wrong);
  return index;
}

function readBefore({ invocation, nodePool, skew }: Post, wrong: Wrong): Read | undefined {
  const last = (path: RegExp): ArmRead | undefined => invocation.reads.findLast((read) => path.test(read.path));
  const clusterRead = last(/\/managedClusters\/[^/]+$/i);
  const windowRead = last(/\/maintenanceConfigurations$/i);
  const latestRead = last(new RegExp(`/agentPools/${nodePool}/upgradeProfiles/default$`, 'i'));
  if (clusterRead?.status !== 200 || windowRead?.status !== 200 || latestRead?.status !== 200) {
    wrong('fresh reads', `cluster ${clusterRead?.status}, window ${windowRead?.status}, latest ${latestRead?.status}`);
    return undefined;
  }
  const cluster = JSON.parse(clusterRead.body) as ClusterJson;
  const pool = cluster.properties.agentPoolProfiles.find(({ name }) => name.toLowerCase() === nodePool);
  if (!pool) {
    wrong('fresh reads', 'the pool was not there');
    return undefined;
  }
  const { value } = JSON.parse(windowRead.body) as { value: readonly ConfigurationJson[] };
  const configuration = value.find(({ name }) => /^aksManagedNodeOSUpgradeSchedule$/i.test(name));
  if (!configuration) {
    wrong('fresh reads', 'there was no window');
    return undefined;
  }
  const profile = JSON.parse(latestRead.body) as { properties: { latestNodeImageVersion?: string } };
  return {
    cluster,
    pool,
    window: JSON.stringify(configuration.properties?.maintenanceWindow ?? null),
    latest: profile.properties.latestNodeImageVersion,
    decidedAt: clusterRead.at + skew,
  };
}

function judgeImage(record: RunRecord, post: Post, { pool, latest }: Read, wrong: Wrong): void {
  if (!isNewer(latest, pool.nodeImageVersion)) wrong('image', `from ${pool.nodeImageVersion} to ${latest}`);
  const left = leftByLedger(record, post.clusterKey, post.nodePool, post.at + post.skew - 1000);
  if (left && !isLaterRelease(latest, left)) {
    wrong('rollback', `the pool was rolled back from ${left}, and ${latest} is no newer`);
  }
}

function judgeWindow(record: RunRecord, post: Post, read: Read, policy: PolicyRead, wrong: Wrong): void {
  const { at, skew } = post;
  const { pool, decidedAt } = read;
  const window = readWindow(read.window, policy.trustIntervals);
  const open = openAt(window, at);
  // What ARM gets is inside, whatever the clocks say.
  if (!open) wrong('window', `it is closed by ${read.window}`);
  const openThen = openAt(window, decidedAt);
  if (open && (!openThen || decidedAt >= openThen.part.to - edge || at + skew < openThen.part.from + edge)) {
    wrong('window edge', `decided at ${new Date(decidedAt).toISOString()}`);
  }
  if (openThen) judgeRoom(record, post, { open: openThen, decidedAt, pool, policy }, wrong);
  // ARM's Date is the clock's witness, give or take the way of the answer and the second that it is rounded to.
  if (skew > 31_500 || skew < -62_000) wrong('clock', `the instance's is ${skew / 1000} s off`);
}
