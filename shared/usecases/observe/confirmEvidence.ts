// Asks the Activity Log about what events have said of who did it. Called by the timer followUpgrades.
import type { Temporal } from 'temporal-polyfill';
import { waitOf } from '../../domain/attempt/requestBudget.ts';
import { clusterKey, parseClusterId } from '../../domain/cluster/clusterId.ts';
import { type Activity, holdAgainstLog, slackMinutes } from '../../domain/evidence/activity.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { ArmError } from '../../ports/arm.ts';
import { keepLogged, readEvidence } from '../../stores/evidenceStore.ts';
import { readClosedUntil, readsOf } from '../../stores/starts/budgetStore.ts';
import { type Asked, readUnconfirmed, writeAsked } from '../../stores/unconfirmedStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { attributeRolls } from './attributeRolls.ts';

/** One query a subscription in so many minutes: the log is ARM's, and AKS's request budget is not spent on it. */
const everyMinutes = 5;
/** The log keeps 90 days, and events are believed for 30. */
const maxDays = 31;
/** A roll may have been asked for a while before the last look that showed its pool idle was sent. */
const beforeMinutes = 2 * slackMinutes;

/** Never throws: what can't be confirmed stays reported, and nothing waits for it. */
export async function confirmEvidence(dependencies: Dependencies): Promise<void> {
  for (const subscription of dependencies.subscriptions) {
    const what = `What events say of subscription ${subscription} can't be held against the Activity Log now`;
    await contained(dependencies, what, () => confirmIn(dependencies, subscription));
  }
}

async function confirmIn(dependencies: Dependencies, subscription: string): Promise<void> {
  const { clock, tables } = dependencies;
  const now = clock.now();
  const { clusters, asked } = await readUnconfirmed(tables, subscription, now);
  if (clusters.length === 0 || !(await mayAsk(dependencies, subscription, asked))) return;
  const earliest = now.subtract({ hours: maxDays * 24 });
  const oldest = clusters
    .reduce((a, { from }) => (isBefore(from, a) ? from : a), now)
    .subtract({ minutes: beforeMinutes });
  const from = isBefore(oldest, earliest) ? earliest : oldest;
  // Before the request: one that ends the process is not sent again at once.
  await writeAsked(tables, subscription, { at: now, problem: asked?.problem });
  const activities = await readLog(dependencies, subscription, { from, at: now }, asked);
  if (!activities) return;
  const byCluster = Map.groupBy(activities.filter(isOfCluster), ({ cluster }) => clusterKey(cluster));
  for (const { clusterId, key } of clusters) {
    await contained(dependencies, `The evidence on ${clusterId} can't be held against the Activity Log`, async () => {
      const evidence = await readEvidence(tables, key);
      const changed = holdAgainstLog(evidence, byCluster.get(key) ?? [], { from, at: now });
      if (changed.length > 0) await keepLogged(tables, key, changed);
      await attributeRolls(dependencies, clusterId);
    });
  }
}

async function mayAsk({ clock, tables }: Dependencies, subscription: string, asked: Asked | undefined) {
  const now = clock.now();
  if (asked) {
    // A time in the future is one of a clock that ran ahead.
    const minutes = Math.abs(asked.at.until(now).total('minutes'));
    if (minutes < everyMinutes || (asked.closedUntil && isBefore(now, asked.closedUntil))) return false;
  }
  const closed = await readClosedUntil(tables, readsOf(subscription), now);
  return 'value' in closed && closed.value === undefined;
}

/** Undefined where it can't be read, which is said once for each reason. */
async function readLog(
  { clock, arm, tables, log }: Dependencies,
  subscription: string,
  { from, at }: { readonly from: Temporal.Instant; readonly at: Temporal.Instant },
  asked: Asked | undefined,
): Promise<readonly Activity[] | undefined> {
  try {
    const activities = await arm.listActivities(subscription, from, at);
    if (asked?.problem !== undefined) await writeAsked(tables, subscription, { at });
    return activities;
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    const seconds = error.status === 429 ? waitOf(error.retryAfterSeconds, everyMinutes * 60) : undefined;
    const closedUntil =
      seconds === undefined ? undefined : clock.now().add({ milliseconds: Math.ceil(seconds * 1000) });
    const problem = error.message;
    await writeAsked(tables, subscription, { at, closedUntil, problem });
    if (problem !== asked?.problem) log.warn(`${problem}. Who did what stays as events reported it, not confirmed.`);
    return undefined;
  }
}

function isOfCluster({ cluster }: Activity): boolean {
  return parseClusterId(cluster) !== undefined;
}
