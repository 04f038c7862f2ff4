// Every cluster's maintenance window as it was last read: in words, what comes next, and what is odd. Called by getWindows;
// reads storage alone, never ARM.
import type { Temporal } from 'temporal-polyfill';
import { clusterKey, isCluster, type NodePool, samePool } from '../../domain/cluster/cluster.ts';
import { estimateMinutes } from '../../domain/cluster/estimate.ts';
import type { PoolHead } from '../../domain/ledger/heads.ts';
import { lintMissingWindow } from '../../domain/lint/lintWindow.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { describeWindow } from '../../domain/window/describeWindow.ts';
import { knownWindow } from '../../domain/window/knownWindow.ts';
import { readSubscriptionFacts, type StoredFacts } from '../../stores/factsStore.ts';
import { readHeadsOrProblem } from '../../stores/ledgerStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { readPoolViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { type Evaluation, evaluateWindow } from './evaluateWindow.ts';

export type ListedWindow = {
  readonly cluster: string;
  /**
   * `window`: it can be evaluated. `none`: the cluster has no aksManagedNodeOSUpgradeSchedule. `unreadable`: it has one, with
   * problems. `readFailed`: ARM could not be read, `error` says why. `notRead`: the planner has not come to it yet.
   */
  readonly state: 'window' | 'none' | 'unreadable' | 'readFailed' | 'notRead';
  /** When ARM was read. */
  readonly readAt?: string | undefined;
  /** As ARM has it. */
  readonly maintenanceWindow?: unknown;
  readonly error?: string;
} & Omit<Evaluation, 'valid'>;

export type WindowsQuestion = {
  /** An ARM id, or a name with `*` and `?`. */
  readonly cluster?: string | undefined;
  readonly count: number;
  readonly timeZone?: string | undefined;
};

const width = 16;

/** In the order of subscription, resource group and cluster. */
export async function listWindows(
  { tables, subscriptions, clock }: Pick<Dependencies, 'tables' | 'subscriptions' | 'clock'>,
  question: WindowsQuestion,
): Promise<readonly ListedWindow[]> {
  const at = clock.now();
  const { policy } = await readPolicy(tables);
  const listed = await Promise.all(
    subscriptions.map(async (subscription) => {
      const [views, { facts }] = await Promise.all([
        readPoolViews(tables, subscription),
        readSubscriptionFacts(tables, subscription),
      ]);
      const clusters = byCluster(views);
      const sharing = countSharing([...clusters.keys()].map((id) => facts.get(clusterKey(id))));
      const wanted = [...clusters].filter(([id]) => question.cluster === undefined || isCluster(id, question.cluster));
      return inParallel(wanted, width, async ([id, pools]) => {
        // Without the heads the estimate is that of a pool without past rolls: lint has less to say.
        const { pools: heads } = await readHeadsOrProblem(tables, clusterKey(id));
        const rollMinutes = pools
          .filter(({ nodePool }) => nodePool.mode.toLowerCase() !== 'machines')
          .flatMap(
            ({ nodePool }) =>
              estimateMinutes(nodePool, headOf(heads, nodePool)?.batchMinutes, policy.estimate?.minutesPerBatch) ?? [],
          );
        return listOrSay(id, rollMinutes, facts.get(clusterKey(id)), sharing, { ...question, at });
      });
    }),
  );
  return listed.flat();
}

/** By the id as ARM spells it, where a row that can be read does. */
function byCluster(views: readonly PoolView[]): ReadonlyMap<string, readonly PoolView[]> {
  const groups = Map.groupBy(views, ({ cluster }) => clusterKey(cluster.id));
  return new Map(
    [...groups.values()].map((own) => [(own.find(({ cluster }) => !cluster.unread) ?? own[0])?.cluster.id ?? '', own]),
  );
}

/** What the keeper trips over is a problem of this cluster's. */
function listOrSay(...asked: Parameters<typeof toListed>): ListedWindow {
  const [cluster, , facts] = asked;
  try {
    return toListed(...asked);
  } catch (error) {
    const nothing = { problems: [], warnings: [], open: false, occurrences: [] };
    return { cluster, state: 'readFailed', readAt: facts?.readAt.toString(), error: messageOf(error), ...nothing };
  }
}

function headOf(heads: readonly PoolHead[], pool: NodePool): PoolHead | undefined {
  return heads.find(({ nodePool }) => samePool(nodePool, pool.name));
}

function toListed(
  cluster: string,
  rollMinutes: readonly number[],
  facts: StoredFacts | undefined,
  sharing: ReadonlyMap<string, number>,
  question: WindowsQuestion & { readonly at: Temporal.Instant },
): ListedWindow {
  const nothing = { problems: [], warnings: [], open: false, occurrences: [] };
  if (!facts) return { cluster, state: 'notRead', ...nothing };
  const readAt = facts.readAt.toString();
  const known = knownWindow(facts.window);
  if (known.kind === 'notRead') return { cluster, state: 'readFailed', readAt, error: known.problem, ...nothing };
  if (known.kind === 'none') {
    const others = facts.otherConfigurations;
    const names = others && !('problem' in others) ? (others.value ?? []) : [];
    return { cluster, state: 'none', readAt, ...nothing, warnings: lintMissingWindow(names) };
  }
  const { valid: _valid, ...evaluation } = evaluateWindow(known.json, question, {
    rollMinutes,
    clustersWithSameWindow: sharing.get(timesOf(facts) ?? '') ?? 1,
  });
  return {
    cluster,
    state: known.kind,
    readAt,
    maintenanceWindow: known.json,
    ...evaluation,
  };
}

/** How many clusters have a window of the same times. */
function countSharing(facts: readonly (StoredFacts | undefined)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of facts) {
    const times = timesOf(one);
    if (times !== undefined) counts.set(times, (counts.get(times) ?? 0) + 1);
  }
  return counts;
}

/** What tells a window's openings from those of others: intervals above 1 are counted from startDate. */
function timesOf(facts: StoredFacts | undefined): string | undefined {
  const known = facts && knownWindow(facts.window);
  if (known?.kind !== 'window') return undefined;
  const words = describeWindow(known.window);
  return known.window.reading === 'inferred' ? `${words}, ${known.window.startDate}` : words;
}
