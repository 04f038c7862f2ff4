// The news of upgrades ahead, seven days and 24 hours before the occurrence opens, with what preflight finds then. Called by
// notifyPass. Preflight runs for these notices alone, for as many in a pass as its request budget allows.
import type { Temporal } from 'temporal-polyfill';
import { requestsPerPreflight, requestsPerStart } from '../../domain/attempt/requestBudget.ts';
import { type NodePool, samePool } from '../../domain/cluster/cluster.ts';
import {
  type Ahead,
  aheadId,
  heldUntil,
  mayLieAhead,
  startAhead,
  upgradeAhead,
} from '../../domain/notification/upgradeAhead.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { plan } from '../../domain/plan/plan.ts';
import { isWanted, type Policy } from '../../domain/policy/policy.ts';
import { judgePreflight, type PreflightReport } from '../../domain/preflight/judgePreflight.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import { type FleetState, fleetState } from '../../domain/rings/ringState.ts';
import { takeRequests } from '../../stores/budgetStore.ts';
import { markRow, poolRow } from '../../stores/notificationsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { orProblem } from '../orProblem.ts';
import type { Decided } from '../plan/gatherFleet.ts';
import { askedOnce, readForPool } from '../start/preflightReads.ts';
import { ofEachCluster, type SubscriptionFacts } from './passFacts.ts';
import type { News } from './publishNews.ts';

const width = 4;
/** Less than a refresh of facts leaves: where that takes all it may at every pass, there is still room for some notices. */
const reservedForStarts = 2 * requestsPerStart;

/** `on`: the pool is not judged again for as long as this stays the same. */
type Notice = { readonly ahead: Ahead; readonly rowKey: string; readonly on: string };

export async function collectAhead(dependencies: Dependencies, facts: SubscriptionFacts): Promise<readonly News[]> {
  const { now, subscription, starts } = facts;
  const { policy } = facts.policy;
  const mayStart = policy.mode === 'enforce' || policy.rings?.some(({ mode }) => mode === 'enforce');
  if (!mayStart || !isWanted(policy, 'UpgradeAhead')) return [];
  const stateAt = statesOf(facts);
  const due = await ofEachCluster(dependencies, facts.decided, 'upgrades ahead', (one) =>
    noticesOf(one, facts, stateAt),
  );
  const notices = due.toSorted((a, b) => opensAt(a) - opensAt(b));
  // Starts wait for the reads of preflight, which can be slow; a notice has hours.
  const wanted = starts > 0 ? notices.slice(0, 1) : notices;
  const max = await granted(dependencies, subscription, wanted.length, now);
  // Pools share regions and networks.
  const asking = { ...dependencies, capacity: askedOnce(dependencies.capacity) };
  const news = await inParallel(wanted.slice(0, max), width, ({ ahead, rowKey, on }) =>
    contained(dependencies, `Preflight of the upgrade ahead on ${ahead.decision.cluster} failed`, async () => {
      const notification = upgradeAhead(ahead, await preflight(asking, ahead.decision, policy), now);
      const mark = { id: notification.id, at: now.toString(), on, until: heldUntil(ahead) };
      return { notifications: [notification], rows: [markRow(rowKey, mark)] } satisfies News;
    }),
  );
  return news.filter((one) => one !== undefined);
}

const opensAt = ({ ahead }: Notice) => Date.parse(ahead.window.opensAt);

/** A pool whose decision is what its last notice was judged on is not judged again. */
function noticesOf(
  { facts, decisions }: Decided,
  { noted, now }: SubscriptionFacts,
  stateAt: (at: Temporal.Instant) => FleetState,
): readonly Notice[] {
  return decisions.flatMap((decision): readonly Notice[] => {
    if (!mayLieAhead(decision, now)) return [];
    const rowKey = poolRow('ahead', decision.cluster, decision.nodePool);
    const mark = noted.marks.get(rowKey);
    const on = `${decision.latest}|${decision.nextEligibleAt}`;
    if (mark?.on === on && now.epochMilliseconds < Date.parse(mark.until ?? '')) return [];
    const pool = facts.cluster.nodePools.find(({ name }) => samePool(name, decision.nodePool));
    const ahead = pool && startAhead(decision, (at) => decideAlone(facts, pool, stateAt(at), at), now);
    return ahead && aheadId(ahead) !== mark?.id ? [{ ahead, rowKey, on }] : [];
  });
}

/** Its turn among the pools of its cluster aside: the occurrence is the same. */
function decideAlone(
  facts: ClusterFacts,
  pool: NodePool,
  { policy, rings }: FleetState,
  at: Temporal.Instant,
): Decision | undefined {
  const cluster = { ...facts.cluster, nodePools: [pool] };
  return plan({ ...facts, cluster, attempt: undefined, budgetFreeAt: undefined }, policy, at, rings)[0];
}

/** Computed once for each moment: pools share openings. */
function statesOf({ fleet, policy }: SubscriptionFacts): (at: Temporal.Instant) => FleetState {
  const clusters = fleet.map(({ facts }) => facts);
  const states = new Map<string, FleetState>();
  return (at) => {
    const state = states.get(at.toString()) ?? fleetState(clusters, policy, at);
    states.set(at.toString(), state);
    return state;
  };
}

/** How many notices the budget has room for. */
async function granted(
  { tables, requestsPerPass }: Pick<Dependencies, 'tables' | 'requestsPerPass'>,
  subscription: string,
  notices: number,
  now: Temporal.Instant,
): Promise<number> {
  const wanted = Math.min(notices, Math.max(1, Math.floor(requestsPerPass / requestsPerPreflight)));
  if (wanted === 0) return 0;
  const requests = await takeRequests(tables, subscription, wanted * requestsPerPreflight, reservedForStarts, now);
  return Math.floor(requests / requestsPerPreflight);
}

async function preflight(
  { arm, capacity, kubernetes }: Dependencies,
  { cluster, nodePool }: Decision,
  policy: Policy,
): Promise<PreflightReport> {
  const read = await orProblem(() => arm.getCluster(cluster));
  if ('problem' in read)
    return judgePreflight({ unread: `The cluster could not be read: ${read.problem}.` }, policy.preflight);
  const found = read.value?.cluster;
  const pool = found?.nodePools.find(({ name }) => samePool(name, nodePool));
  if (!found || !pool) return judgePreflight({ unread: 'ARM does not have the pool.' }, policy.preflight);
  const asked = policy.kubernetes?.enabled ? kubernetes : undefined;
  const reads = await readForPool(capacity, found, pool, policy.preflight, asked);
  return judgePreflight({ cluster: found, pool, reads }, policy.preflight);
}
