// Judges every request that reached ARM: may it have been sent, on what its invocation had read and on what was true?
// Called by checker.ts.
import { openAt, readWindow } from './calendar.ts';
import type { Violation } from './checker.ts';
import { isNewer, isOtherFamily } from './images.ts';
import { judgeAmongPosts, nameOf } from './judgeAmongPosts.ts';
import { selectsCluster } from './judgePolicy.ts';
import { judgePreflight } from './judgePreflight.ts';
import type { ArmRead, Post, RunRecord } from './record.ts';

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
type PoolJson = {
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

export function judgePosts(record: RunRecord): readonly Violation[] {
  return record.posts.flatMap((post) => [
    ...judgeOne(record, post).map((problem) => ({ check: problem.check, what: `${nameOf(post)}: ${problem.what}` })),
    ...judgeAmongPosts(record, post),
  ]);
}

/** On what the invocation had read before. */
function judgeOne(record: RunRecord, post: Post): readonly Violation[] {
  const { invocation, nodePool, at } = post;
  const problems: Violation[] = [];
  const wrong = (check: string, what: string) => problems.push({ check, what });
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
    return problems;
  }
  const cluster = JSON.parse(clusterRead.body) as ClusterJson;
  const pool = cluster.properties.agentPoolProfiles.find(({ name }) => name.toLowerCase() === nodePool);
  if (!pool) {
    wrong('fresh reads', 'the pool was not there');
    return problems;
  }
  judgeState(cluster, pool, isOwnFailure(record, post), wrong);
  const latest = (JSON.parse(latestRead.body) as { properties: { latestNodeImageVersion?: string } }).properties
    .latestNodeImageVersion;
  if (!isNewer(latest, pool.nodeImageVersion)) wrong('image', `from ${pool.nodeImageVersion} to ${latest}`);
  judgeChannel(cluster, pool, wrong);
  judgePreflight(invocation, pool, wrong);
  if (!selectsCluster(invocation.policy?.value, post.clusterKey, cluster.tags ?? {})) {
    wrong('policy', `the policy read was ${JSON.stringify(invocation.policy?.value)}`);
  }
  const json = (JSON.parse(windowRead.body) as { properties?: { maintenanceWindow?: unknown } }).properties;
  const window = readWindow(JSON.stringify(json?.maintenanceWindow ?? null));
  const open = openAt(window, at);
  // What ARM gets is inside, whatever the clocks say.
  if (!open) wrong('window', `it is closed by ${JSON.stringify(json?.maintenanceWindow)}`);
  // The decision was made after the last read, by the instance's clock.
  const decidedAt = clusterRead.at + post.skew;
  const openThen = openAt(window, decidedAt);
  if (open && (!openThen || decidedAt >= openThen.part.to - edge || at + post.skew < openThen.part.from + edge)) {
    wrong('window edge', `decided at ${new Date(decidedAt).toISOString()}`);
  }
  if (openThen) judgeRoom(openThen, decidedAt, pool, estimateOf(record, post), wrong);
  // ARM's Date is the clock's witness, give or take the way of the answer and the second that it is rounded to.
  if (post.skew > 31_500 || post.skew < -62_000) wrong('clock', `the instance's is ${post.skew / 1000} s off`);
  const rolledBackFrom = leftByRollback(record, post);
  if (rolledBackFrom && !isNewer(latest, rolledBackFrom) && !isOtherFamily(latest ?? '', rolledBackFrom)) {
    wrong('rollback', `the pool was rolled back from ${rolledBackFrom}, and ${latest} is no newer`);
  }
  return problems;
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

function judgeState(
  cluster: ClusterJson,
  pool: PoolJson,
  isOwnFailure: boolean,
  wrong: (check: string, what: string) => void,
): void {
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

function judgeChannel(cluster: ClusterJson, pool: PoolJson, wrong: (check: string, what: string) => void): void {
  const { upgradeChannel = 'none', nodeOSUpgradeChannel } = cluster.properties.autoUpgradeProfile ?? {};
  const isOurs =
    nodeOSUpgradeChannel === 'None' ||
    nodeOSUpgradeChannel === 'Unmanaged' ||
    (nodeOSUpgradeChannel === 'SecurityPatch' && pool.osType === 'Windows');
  if (!isOurs || upgradeChannel === 'node-image' || cluster.sku?.name === 'Automatic') {
    wrong('channel', `AKS upgrades this pool: ${upgradeChannel}, ${nodeOSUpgradeChannel}, ${cluster.sku?.name}`);
  }
}

/** What the attempt was estimated to take, once three rolls of the pool's own went well; before, batches decide. */
function estimateOf(record: RunRecord, { attempt, clusterKey, nodePool, at }: Post): number | undefined {
  const past = (record.ledgers.get(clusterKey)?.entries ?? []).filter(
    (entry) =>
      entry.nodePool?.toLowerCase() === nodePool &&
      'attempt' in entry &&
      entry.outcome === 'succeeded' &&
      Date.parse(entry.recordedAt) <= at + record.largestSkew,
  );
  const claim = record.claims.find((one) => one.attempt === attempt && one.kind !== 'removed');
  return past.length < 3 ? undefined : (claim?.value as { estimateMinutes?: number } | undefined)?.estimateMinutes;
}

/** Ten minutes a batch; what fits no occurrence begins in the first half hour of one that no blocked date cuts. */
function judgeRoom(
  { occurrence, part }: NonNullable<ReturnType<typeof openAt>>,
  decidedAt: number,
  pool: PoolJson,
  estimate: number | undefined,
  wrong: (check: string, what: string) => void,
): void {
  const surge = pool.upgradeSettings?.maxSurge ?? '10%';
  const share = Number.parseInt(surge, 10);
  const nodes = Math.max(1, surge.endsWith('%') ? Math.ceil((pool.count * share) / 100) : share);
  const takes = (estimate ?? Math.max(1, Math.ceil(pool.count / nodes)) * 10) * minute;
  const slack = 35_000;
  if (part.to - decidedAt >= takes - slack) return;
  const isLong = occurrence.to - occurrence.from - 15 * minute < takes;
  const isEarly = decidedAt - part.from < 30 * minute + slack;
  if (!isLong || !isEarly || part.to < occurrence.to) wrong('room', `${takes / minute} minutes do not fit`);
}

/** By the ledger as it was: the image that the pool's last step backward left, until something newer came. */
function leftByRollback({ ledgers }: RunRecord, { clusterKey, nodePool, at, skew }: Post): string | undefined {
  let left: string | undefined;
  for (const entry of ledgers.get(clusterKey)?.entries ?? []) {
    const isCluster = entry.kind === 'gone' && entry.nodePool === undefined;
    if (entry.kind === 'amendment' || (entry.nodePool?.toLowerCase() !== nodePool && !isCluster)) continue;
    if (Date.parse(entry.recordedAt) > at + skew - 1000) break;
    if (entry.kind === 'gone' || entry.kind === 'firstSeen') left = undefined;
    else if (isNewer(entry.from, entry.to)) left ??= entry.from;
    else if (left && !isNewer(left, entry.to)) left = undefined;
  }
  return left;
}
