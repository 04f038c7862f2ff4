// Publishes what one collector after the other finds in a planning pass. Called by runPass when all else is stored.
import { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey, idOfKey } from '../../domain/cluster/clusterId.ts';
import { reportReady, ringsWaiting } from '../../domain/notification/conditions.ts';
import { lastCompleteWeek } from '../../domain/report/isoWeek.ts';
import type { Topic } from '../../ports/topic.ts';
import { fleetPartition, readNotificationRows } from '../../stores/notificationsStore.ts';
import { hasReport } from '../../stores/reportsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inTurn } from '../inTurn.ts';
import type { Gathered } from '../plan/gatherFleet.ts';
import { collectAhead } from './collectAhead.ts';
import { collectEntries } from './collectEntries.ts';
import { collectMissed } from './collectMissed.ts';
import { collectStale } from './collectStale.ts';
import type { PassFacts, SubscriptionFacts } from './passFacts.ts';
import { newsOnce, publishNews } from './publishNews.ts';

/** The entries of other clusters wait for the next pass. */
const maxClusters = 50;

/** Never throws. It ends where the topic fails; any other failure costs one collector's news. The next pass tries again. */
export async function notifyPass(dependencies: Dependencies, pass: PassFacts): Promise<void> {
  if (!dependencies.topic) return;
  const hurried = { ...dependencies, topic: whileTimeIsLeft(dependencies, dependencies.topic, pass.starts > 0) };
  for await (const { partition, what, collect } of collectorsOf(dependencies, pass)) {
    const isTaken = await contained(dependencies, `Notifications: ${what} must wait for the next pass`, async () =>
      publishNews(hurried, pass.policy.policy, partition, await collect()),
    );
    if (isTaken === false) return;
  }
}

/** The messages of the pass, starts among them, are sent when it ends. */
function whileTimeIsLeft({ clock }: Dependencies, topic: Topic, hasStarts: boolean): Topic {
  const seconds = hasStarts ? 15 : 60;
  const until = clock.now().add({ seconds });
  return {
    publish: async (notifications) => {
      if (Temporal.Instant.compare(clock.now(), until) >= 0) throw new Error(`it took ${seconds} s for others`);
      await topic.publish(notifications);
    },
  };
}

async function* collectorsOf(dependencies: Dependencies, pass: PassFacts) {
  const { tables, log } = dependencies;
  const fleet = pass.subscriptions.flatMap(({ decided, unlisted }) => [...decided, ...unlisted]);
  for (const { subscription: partition, decided, unlisted } of pass.subscriptions) {
    const noted = await contained(dependencies, `Notifications: the rows of ${partition} could not be read`, () =>
      readNotificationRows(tables, partition),
    );
    if (!noted) continue;
    for (const problem of noted.unreadable) log.warn(`Notifications: ${problem}.`);
    const facts: SubscriptionFacts = { ...pass, subscription: partition, decided, noted, fleet };
    for (const key of clustersBehind(facts, [...decided, ...unlisted])) {
      const what = `the entries of ${idOfKey(key) ?? key}`;
      yield { partition, what, collect: () => collectEntries(dependencies, key) };
    }
    yield { partition, what: 'stuck attempts', collect: async () => noted.due };
    yield { partition, what: 'stale pools', collect: () => collectStale(dependencies, facts) };
    yield { partition, what: 'missed windows', collect: () => collectMissed(dependencies, facts) };
    yield { partition, what: 'upgrades ahead', collect: () => collectAhead(dependencies, facts) };
  }
  yield { partition: fleetPartition, what: 'the fleet', collect: () => collectFleet(dependencies, pass) };
}

function clustersBehind({ noted, now }: SubscriptionFacts, known: readonly Gathered[]): readonly ClusterKey[] {
  const ends = new Map(known.map(({ facts, heads }) => [clusterKey(facts.cluster.id), heads.chain?.sequence ?? 0]));
  // Clusters that have left the views keep their cursor until their end is published.
  const behind = [...noted.cursors].filter(([key, cursor]) => cursor.sequence < (ends.get(key) ?? Infinity));
  return inTurn(behind, now)
    .slice(0, maxClusters)
    .map(([key]) => key);
}

async function collectFleet({ tables }: Dependencies, { policy: { policy }, now, subscriptions }: PassFacts) {
  const { marks } = await readNotificationRows(tables, fleetPartition);
  const decisions = subscriptions.flatMap(({ decided }) => decided.flatMap((one) => one.decisions));
  const report = reportReady(lastCompleteWeek(now));
  const isKept = !marks.has(report.id) && (await hasReport(tables, report.data.week));
  const notifications = [...ringsWaiting(decisions), ...(isKept ? [report] : [])];
  return notifications.flatMap((one) => newsOnce(one, one.id, now, { policy, marks }));
}
