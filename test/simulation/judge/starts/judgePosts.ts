// Judges every request that reached ARM: may it have been sent, on what its invocation had read and on what was true?
// Called by checker.ts.
import type { ArmRead, Post, RunRecord, Wrong } from '../../record/record.ts';
import type { Violation } from '../checker.ts';
import { openAt, readWindow } from '../own/calendar.ts';
import { isLaterRelease, isNewer } from '../own/images.ts';
import { readPolicyRow, ringIndex, selectsCluster } from '../own/judgePolicy.ts';
import { leftByLedger } from '../own/stepsBack.ts';
import { judgeAmongPosts, nameOf } from './judgeAmongPosts.ts';
import { judgeBudgets } from './judgeBudgets.ts';
import { judgeHeld } from './judgeHeld.ts';
import { judgePreflight } from './judgePreflight.ts';
import { judgePromotion } from './judgePromotion.ts';
import { judgeRoom } from './judgeRoom.ts';

type ClusterJson = {
  readonly tags?: Record<string, string>;
  readonly sku?: { readonly name?: string };
  readonly properties: {
    readonly provisioningState: string;
    readonly powerState: { readonly code: string };
    readonly autoUpgradeProfile?: { readonly upgradeChannel?: string; readonly nodeOSUpgradeChannel?: string };
    readonly agentPoolProfiles: readonly PoolJson[];
  };
};
export type PoolJson = {
  readonly name: string;
  readonly mode: string;
  readonly count: number;
  readonly osType: string;
  readonly provisioningState: string;
  readonly powerState: { readonly code: string };
  readonly nodeImageVersion?: string;
  readonly upgradeSettings?: { readonly maxSurge?: string };
  readonly creationData?: unknown;
};

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

/** On what the invocation had read before. Answers with the index of the pool's ring; -1: none. */
function judgeOne(record: RunRecord, post: Post, wrong: Wrong): number {
  const { invocation, nodePool, at } = post;
  if (post.attempt === undefined) wrong('intent before request', 'no intent was stored when it reached ARM');
  if (!invocation.message || (invocation.message as { nodePool?: string }).nodePool?.toLowerCase() !== nodePool) {
    wrong('asked for', 'no message asks for this pool');
  }
  const last = (path: RegExp): ArmRead | undefined => invocation.reads.findLast((read) => path.test(read.path));
  const clusterRead = last(/\/managedClusters\/[^/]+$/i);
  const windowRead = last(/\/maintenanceConfigurations\/aksManagedNodeOSUpgradeSchedule$/i);
  const latestRead = last(new RegExp(`/agentPools/${nodePool}/upgradeProfiles/default$`, 'i'));
  if (clusterRead?.status !== 200 || windowRead?.status !== 200 || latestRead?.status !== 200) {
    wrong('fresh reads', `cluster ${clusterRead?.status}, window ${windowRead?.status}, latest ${latestRead?.status}`);
    return -1;
  }
  const cluster = JSON.parse(clusterRead.body) as ClusterJson;
  const pool = cluster.properties.agentPoolProfiles.find(({ name }) => name.toLowerCase() === nodePool);
  if (!pool) {
    wrong('fresh reads', 'the pool was not there');
    return -1;
  }
  judgeState(cluster, pool, isOwnFailure(record, post), wrong);
  const latest = (JSON.parse(latestRead.body) as { properties: { latestNodeImageVersion?: string } }).properties
    .latestNodeImageVersion;
  if (!isNewer(latest, pool.nodeImageVersion)) wrong('image', `from ${pool.nodeImageVersion} to ${latest}`);
  judgeChannel(cluster, pool, wrong);
  const policy = readPolicyRow(invocation.policy?.value);
  judgePreflight(invocation, pool, policy, wrong);
  judgeBudgets(invocation, pool, policy, wrong);
  const member = { clusterKey: post.clusterKey, nodePool, tags: cluster.tags ?? {} };
  if (!policy || !selectsCluster(policy, member)) {
    wrong('policy', `the policy read was ${JSON.stringify(invocation.policy?.value)}`);
    return -1;
  }
  const decidedAt = clusterRead.at + post.skew;
  const index = ringIndex(policy, member);
  const judged = { policy, ring: policy.rings?.[index], decidedAt, image: latest ?? '' };
  judgeHeld(record, post, judged, wrong);
  judgePromotion(record, post, judged, wrong);
  const json = (JSON.parse(windowRead.body) as { properties?: { maintenanceWindow?: unknown } }).properties;
  const window = readWindow(JSON.stringify(json?.maintenanceWindow ?? null), policy.trustIntervals);
  const open = openAt(window, at);
  // What ARM gets is inside, whatever the clocks say.
  if (!open) wrong('window', `it is closed by ${JSON.stringify(json?.maintenanceWindow)}`);
  // The decision was made after the last read, by the instance's clock.
  const openThen = openAt(window, decidedAt);
  if (open && (!openThen || decidedAt >= openThen.part.to - edge || at + post.skew < openThen.part.from + edge)) {
    wrong('window edge', `decided at ${new Date(decidedAt).toISOString()}`);
  }
  if (openThen) judgeRoom(record, post, { open: openThen, decidedAt, pool, policy }, wrong);
  // ARM's Date is the clock's witness, give or take the way of the answer and the second that it is rounded to.
  if (post.skew > 31_500 || post.skew < -62_000) wrong('clock', `the instance's is ${post.skew / 1000} s off`);
  const rolledBackFrom = leftByLedger(record, post.clusterKey, nodePool, at + post.skew - 1000);
  if (rolledBackFrom && !isLaterRelease(latest, rolledBackFrom)) {
    wrong('rollback', `the pool was rolled back from ${rolledBackFrom}, and ${latest} is no newer`);
  }
  return index;
}

/** A pool that failed in the keeper's own roll may be tried again; the rest of a failed pool's life is not the keeper's. */
function isOwnFailure({ ledgers }: RunRecord, { clusterKey, nodePool, at, skew }: Post): boolean {
  const last = ledgers
    .get(clusterKey)
    ?.entries.findLast(
      (entry) => entry.nodePool?.toLowerCase() === nodePool && Date.parse(entry.recordedAt) <= at + skew + 1000,
    );
  return last !== undefined && 'attempt' in last && last.outcome === 'failed';
}

function judgeState(cluster: ClusterJson, pool: PoolJson, isOwnFailure: boolean, wrong: Wrong): void {
  const { provisioningState, powerState, agentPoolProfiles } = cluster.properties;
  if (provisioningState !== 'Succeeded') wrong('cluster state', `it is ${provisioningState}`);
  if (powerState.code !== 'Running') wrong('cluster power', `it is ${powerState.code}`);
  const mayStart = pool.provisioningState === 'Succeeded' || (pool.provisioningState === 'Failed' && isOwnFailure);
  if (!mayStart) wrong('pool state', `it is ${pool.provisioningState}`);
  if (pool.powerState.code !== 'Running') wrong('pool power', `it is ${pool.powerState.code}`);
  if (pool.mode === 'Machines' || pool.creationData) wrong('pool kind', `mode ${pool.mode}, or pinned`);
  const busy = agentPoolProfiles.find((other) => !/^(Succeeded|Failed|Canceled)$/.test(other.provisioningState));
  if (busy && busy !== pool) wrong('one at a time', `pool ${busy.name} is ${busy.provisioningState}`);
}

function judgeChannel(cluster: ClusterJson, pool: PoolJson, wrong: Wrong): void {
  const { upgradeChannel = 'none', nodeOSUpgradeChannel } = cluster.properties.autoUpgradeProfile ?? {};
  const isOurs =
    nodeOSUpgradeChannel === 'None' ||
    nodeOSUpgradeChannel === 'Unmanaged' ||
    (nodeOSUpgradeChannel === 'SecurityPatch' && pool.osType === 'Windows');
  if (!isOurs || upgradeChannel === 'node-image' || cluster.sku?.name === 'Automatic') {
    wrong('channel', `AKS upgrades this pool: ${upgradeChannel}, ${nodeOSUpgradeChannel}, ${cluster.sku?.name}`);
  }
}
