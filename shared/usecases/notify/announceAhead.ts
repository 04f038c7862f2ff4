// Tells the topic of upgrades ahead, seven days and 24 hours before the occurrence opens, with what preflight finds then.
// Called by announcePass. Preflight is run for what is told alone, so many a pass as its request budget allows.
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
import { isWanted, type Policy, type PolicyInForce } from '../../domain/policy/policy.ts';
import { judgePreflight, type PreflightReport } from '../../domain/preflight/judgePreflight.ts';
import type { ClusterFacts } from '../../domain/rings/clusterFacts.ts';
import { type FleetState, fleetState } from '../../domain/rings/ringState.ts';
import { takeRequests } from '../../stores/budgetStore.ts';
import { poolRow } from '../../stores/notificationsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { orProblem } from '../orProblem.ts';
import type { Decided } from '../plan/gatherFleet.ts';
import { askedOnce, readForPool } from '../start/preflightReads.ts';
import type { SubscriptionFacts } from './passFacts.ts';
import { type Announcement, announce } from './publish.ts';

const width = 4;
/** Less than a refresh of facts leaves: where that takes all it may at every pass, there is still room for some notices. */
const reservedForStarts = 2 * requestsPerStart;

type Notice = { readonly ahead: Ahead; readonly rowKey: string; readonly on: string };

export async function announceAhead(dependencies: Dependencies, facts: SubscriptionFacts): Promise<boolean> {
  const { policy: inForce, now, subscription } = facts;
  const { policy } = inForce;
  const mayStart = policy.mode === 'enforce' || policy.rings?.some(({ mode }) => mode === 'enforce');
  if (!mayStart || !isWanted(policy, 'UpgradeAhead')) return true;
  const notices = (await noticesDue(dependencies, facts)).sort((a, b) =>
    a.ahead.window.opensAt.localeCompare(b.ahead.window.opensAt),
  );
  // Starts wait for the reads of preflight, which can be slow; a notice has hours.
  const wanted = facts.starts > 0 ? notices.slice(0, 1) : notices;
  const most = await granted(dependencies, subscription, wanted.length, now);
  // Pools share regions and networks.
  const asking = { ...dependencies, capacity: askedOnce(dependencies.capacity) };
  const announcements = await inParallel(wanted.slice(0, most), width, ({ ahead, rowKey, on }) =>
    contained(dependencies, `The upgrade ahead on ${ahead.decision.cluster} could not be told`, async () => {
      const notification = upgradeAhead(ahead, await preflight(asking, ahead.decision, policy), now);
      const mark = { id: notification.id, at: now.toString(), on, until: heldUntil(ahead) };
      return { notification, rowKey, mark } satisfies Announcement;
    }),
  );
  const told = announcements.filter((announcement) => announcement !== undefined);
  return announce(dependencies, policy, subscription, { announcements: told });
}

/** Starts ahead that were not told. A pool whose decision is what the last notice was judged on is not judged again. */
async function noticesDue(dependencies: Dependencies, subscriptionFacts: SubscriptionFacts): Promise<Notice[]> {
  const { decided, fleet, policy } = subscriptionFacts;
  const stateAt = statesOf(
    fleet.map(({ facts }) => facts),
    policy,
  );
  const notices: Notice[] = [];
  for (const one of decided) {
    const what = `Upgrades ahead on ${one.facts.cluster.id} could not be looked for`;
    const due = await contained(dependencies, what, () => noticesOf(one, subscriptionFacts, stateAt));
    notices.push(...(due ?? []));
  }
  return notices;
}

function noticesOf(
  { facts, decisions }: Decided,
  { announcements, now }: SubscriptionFacts,
  stateAt: (at: Temporal.Instant) => FleetState,
): readonly Notice[] {
  return decisions.flatMap((decision): readonly Notice[] => {
    if (!mayLieAhead(decision, now)) return [];
    const rowKey = poolRow('ahead', decision.cluster, decision.nodePool);
    const mark = announcements.marks.get(rowKey);
    const on = `${decision.latest}|${decision.nextEligibleAt}`;
    if (mark?.on === on && now.toString() < (mark.until ?? '')) return [];
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

function statesOf(fleet: readonly ClusterFacts[], policy: PolicyInForce): (at: Temporal.Instant) => FleetState {
  const states = new Map<string, FleetState>();
  return (at) => {
    const key = at.toString();
    const state = states.get(key) ?? fleetState(fleet, policy, at);
    states.set(key, state);
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
  dependencies: Dependencies,
  { cluster, nodePool }: Decision,
  policy: Policy,
): Promise<PreflightReport> {
  const read = await orProblem(async () => {
    const found = await dependencies.arm.getCluster(cluster);
    const pool = found?.cluster.nodePools.find(({ name }) => samePool(name, nodePool));
    if (!found || !pool) return undefined;
    const asked = policy.kubernetes?.enabled ? dependencies.kubernetes : undefined;
    return {
      cluster: found.cluster,
      pool,
      reads: await readForPool(dependencies.capacity, found.cluster, pool, policy.preflight, asked),
    };
  });
  if ('problem' in read)
    return judgePreflight({ unread: `The cluster could not be read: ${read.problem}.` }, policy.preflight);
  return judgePreflight(read.value ?? { unread: 'ARM does not have the pool.' }, policy.preflight);
}
