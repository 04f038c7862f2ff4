// Upgrades seven days and 24 hours ahead, each with its preflight, as many as the request budget allows. Called by notifyPass.
import type { Temporal } from 'temporal-polyfill';
import { requestsPerPreflight } from '../../domain/attempt/requestBudget.ts';
import { poolOf, samePool } from '../../domain/cluster/cluster.ts';
import { type Ahead, mayLieAhead, startAhead, upgradeAhead } from '../../domain/notification/upgradeAhead.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { plan } from '../../domain/plan/plan.ts';
import { isWanted, type Policy } from '../../domain/policy/policy.ts';
import { judgePreflight } from '../../domain/preflight/judgePreflight.ts';
import { type FleetState, fleetState } from '../../domain/rings/ringState.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { markRow, type News, poolRow } from '../../stores/notificationsStore.ts';
import { readsOf, takeRequests } from '../../stores/starts/budgetStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { orProblem } from '../orProblem.ts';
import type { Decided } from '../plan/gatherFleet.ts';
import { askedOnce, preflightPool } from '../start/preflightReads.ts';
import { ofEachCluster, type SubscriptionFacts } from './passFacts.ts';

/** A pass waits for so many preflights at most; the others come with the next. */
const noticesPerPass = 12;
/** What they leave of the reads for observations. */
const reservedForObservations = 50;

/** `on`: what it was judged on. The pool is not judged again while that stays the same. */
type Notice = { readonly ahead: Ahead; readonly rowKey: string; readonly on: string };

export async function collectAhead(dependencies: Dependencies, facts: SubscriptionFacts): Promise<readonly News[]> {
  const { now, subscription, starts } = facts;
  const { tables } = dependencies;
  const { policy } = facts.policy;
  const mayStart = policy.mode === 'enforce' || policy.rings?.some(({ mode }) => mode === 'enforce');
  if (!mayStart || !isWanted(policy, 'UpgradeAhead')) return [];
  const stateAt = statesOf(facts);
  const due = await ofEachCluster(dependencies, facts, 'upgrades ahead', (one) => noticesOf(one, facts, stateAt));
  const notices = due.toSorted((a, b) => opensAt(a) - opensAt(b));
  // Starts wait for the reads of preflight, which can be slow; a notice has hours.
  const wanted = notices.slice(0, starts > 0 ? 1 : noticesPerPass);
  if (wanted.length === 0) return [];
  const requests = wanted.length * requestsPerPreflight;
  const asked = { wanted: requests, reserve: reservedForObservations };
  const granted = await takeRequests(tables, readsOf(subscription), asked, now);
  const asking = { ...dependencies, capacity: askedOnce(dependencies.capacity) };
  const news = await inParallel(
    wanted.slice(0, Math.floor(granted / requestsPerPreflight)),
    4,
    ({ ahead, rowKey, on }) =>
      contained(dependencies, `Preflight of the upgrade ahead on ${ahead.decision.cluster} failed`, async () => {
        const notification = upgradeAhead(ahead, await preflight(asking, ahead.decision, policy), now);
        const mark = { id: notification.id, at: now, on, until: ahead.holdsUntil };
        return { notifications: [notification], rows: [markRow(rowKey, mark)] } satisfies News;
      }),
  );
  return news.filter((one) => one !== undefined);
}

const opensAt = ({ ahead }: Notice) => Date.parse(ahead.window.opensAt);

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
    if (mark?.on === on && mark.until && isBefore(now, mark.until)) return [];
    const pool = poolOf(facts.cluster, decision.nodePool);
    if (!pool) return [];
    // Its turn among the pools of its cluster aside: the occurrence is the same.
    const cluster = { ...facts.cluster, nodePools: [pool] };
    const alone = { ...facts, cluster, attempt: undefined, budgetFreeAt: undefined };
    const decide = (at: Temporal.Instant) => plan(alone, stateAt(at).policy, at, stateAt(at).rings)[0];
    const ahead = startAhead(decision, decide, now);
    return ahead && ahead.id !== mark?.id ? [{ ahead, rowKey, on }] : [];
  });
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

async function preflight(dependencies: Dependencies, { cluster, nodePool }: Decision, policy: Policy) {
  const read = await orProblem(() => dependencies.arm.getCluster(cluster));
  const unread = 'problem' in read ? `The cluster could not be read: ${read.problem}.` : 'ARM does not have the pool.';
  const found = 'problem' in read ? undefined : read.value?.cluster;
  const pool = found?.nodePools.find(({ name }) => samePool(name, nodePool));
  return found && pool
    ? preflightPool(dependencies, found, pool, policy)
    : judgePreflight({ unread }, policy.preflight);
}
