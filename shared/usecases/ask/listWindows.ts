// Every cluster's maintenance window as it was last read: in words, what comes next, and what is odd. Called by getWindows.
import { ofPool } from '../../domain/cluster/cluster.ts';
import { clusterKey, isCluster } from '../../domain/cluster/clusterId.ts';
import { estimateMinutes } from '../../domain/cluster/estimate.ts';
import { whyNotUpgradable } from '../../domain/cluster/poolKind.ts';
import { lintMissingWindow, type WindowSurroundings } from '../../domain/lint/lintWindow.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { describeWindow } from '../../domain/window/describeWindow.ts';
import { knownWindow } from '../../domain/window/knownWindow.ts';
import { readSubscriptionFacts, type StoredFacts } from '../../stores/factsStore.ts';
import { readHeadsOrProblem } from '../../stores/ledgerStore.ts';
import { readPass } from '../../stores/passStore.ts';
import { readPolicy } from '../../stores/policyStore.ts';
import { readPoolViews } from '../../stores/views/decisionsStore.ts';
import type { PoolView } from '../../stores/views/poolView.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import { type Evaluation, explainWindow, type Question } from './explainWindow.ts';

export type ListedWindow = {
  readonly cluster: string;
  readonly state: 'window' | 'none' | 'unreadable' | 'readFailed' | 'notRead';
  readonly readAt?: string | undefined;
  readonly maintenanceWindow?: unknown;
  readonly error?: string;
} & Omit<Evaluation, 'valid'>;

type WindowsQuestion = Omit<Question, 'at'> & { readonly cluster?: string | undefined };

const nothing = { problems: [], warnings: [], open: false, occurrences: [] };

/** In the order of subscription, resource group and cluster. Reads storage alone, never ARM. */
export async function listWindows(
  { tables, subscriptions, clock }: Dependencies,
  { cluster, ...asked }: WindowsQuestion,
): Promise<readonly ListedWindow[]> {
  const question = { ...asked, at: clock.now() };
  const { policy } = await readPolicy(tables);
  const listed = subscriptions.map(async (subscription) => {
    const [views, { facts }, pass] = await Promise.all([
      readPoolViews(tables, subscription),
      readSubscriptionFacts(tables, subscription),
      readPass(tables, subscription),
    ]);
    const bare = pass && 'value' in pass ? (pass.value.withoutPools ?? []) : [];
    const clusters = byCluster(views, bare);
    const sharing = Map.groupBy(clusters.keys(), (id) => timesOf(facts.get(clusterKey(id))));
    const wanted = [...clusters].filter(([id]) => cluster === undefined || isCluster(id, cluster));
    return inParallel(wanted, 16, async ([id, pools]) => {
      const key = clusterKey(id);
      const rollMinutes = await estimateRolls(tables, id, pools, policy.estimate?.minutesPerBatch);
      const clustersWithSameWindow = sharing.get(timesOf(facts.get(key)))?.length ?? 1;
      return toListed(id, facts.get(key), question, { rollMinutes, clustersWithSameWindow });
    });
  });
  return (await Promise.all(listed)).flat();
}

/** By the id as ARM spells it, where a row that can be read does. @param bare clusters without pools */
function byCluster(views: readonly PoolView[], bare: readonly string[]): ReadonlyMap<string, readonly PoolView[]> {
  const groups = Map.groupBy(views, ({ cluster }) => clusterKey(cluster.id));
  const named = [...groups].map(([key, own]) => {
    const id = (own.find(({ cluster }) => !cluster.unread) ?? own[0])?.cluster.id ?? '';
    return { key, id, own };
  });
  const others = bare.map((id) => ({ key: clusterKey(id), id, own: [] })).filter(({ key }) => !groups.has(key));
  const sorted = [...named, ...others].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return new Map(sorted.map(({ id, own }) => [id, own]));
}

async function estimateRolls(
  tables: Dependencies['tables'],
  id: string,
  pools: readonly PoolView[],
  minutesPerBatch: number | undefined,
): Promise<readonly number[]> {
  // Without the heads the estimate is that of a pool without past rolls: lint has less to say.
  const { pools: heads } = await readHeadsOrProblem(tables, clusterKey(id));
  return pools
    .filter(({ nodePool }) => whyNotUpgradable(nodePool) === undefined)
    .flatMap(({ nodePool }) => {
      const head = ofPool(heads, nodePool.name);
      return estimateMinutes(nodePool, head, minutesPerBatch) ?? [];
    });
}

// What the keeper trips over is a problem of this cluster's.
function toListed(
  cluster: string,
  facts: StoredFacts | undefined,
  question: Question,
  surroundings: WindowSurroundings,
): ListedWindow {
  if (!facts) return { cluster, state: 'notRead', ...nothing };
  const { otherConfigurations: others } = facts;
  const readAt = facts.readAt.toString();
  try {
    const known = knownWindow(facts.window);
    if (known.kind === 'notRead') return { cluster, state: 'readFailed', readAt, error: known.problem, ...nothing };
    if (known.kind === 'none') {
      const names = others && !('problem' in others) ? (others.value ?? []) : [];
      return { cluster, state: 'none', readAt, ...nothing, warnings: lintMissingWindow(names) };
    }
    const { valid: _valid, ...evaluation } = explainWindow(known.json, question, surroundings);
    return { cluster, state: known.kind, readAt, maintenanceWindow: known.json, ...evaluation };
  } catch (error) {
    return { cluster, state: 'readFailed', readAt, error: messageOf(error), ...nothing };
  }
}

/** What tells a window's openings from those of others: intervals above 1 are counted from startDate. */
function timesOf(facts: StoredFacts | undefined): string | undefined {
  const known = facts && knownWindow(facts.window);
  if (known?.kind !== 'window') return undefined;
  const words = describeWindow(known.window);
  return known.window.reading === 'inferred' ? `${words}, ${known.window.startDate}` : words;
}
