// What events say of clusters: evidence is kept, hints wait in the cluster's mark, and one observation is asked for. Called by
// receiveEvent.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { type Mark, marked, maxEvidence, maxHints, roomForEvidence, withEvidence } from '../../domain/observe/mark.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { RefusedWrite } from '../../ports/tables.ts';
import { keepEvidence } from '../../stores/evidenceStore.ts';
import { changeMark, readMark } from '../../stores/marksStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';
import type { ObserveMessage } from '../messages.ts';
import { together } from '../together.ts';
import { isSaid, rememberSaid, type Said } from './saidAlready.ts';
import { findStrangers } from './strangers.ts';

/** Resolves to what is wrong with a cluster's id. Events of a subscription that come at the same time share their requests. */
export async function markCluster(dependencies: Dependencies, subscription: string, said: Said) {
  return isSaid(dependencies, said) ? nothingWrong : markTogether(dependencies, subscription, said);
}

const markTogether = together(({ tables }: Dependencies) => tables, markClusters);
const nothingWrong: ReadonlyMap<ClusterKey, string> = new Map();

const width = 16;

async function markClusters(
  dependencies: Dependencies,
  subscription: string,
  items: readonly Said[],
): Promise<ReadonlyMap<ClusterKey, string>> {
  const clusters = Map.groupBy(items, ({ clusterId }) => clusterKey(clusterId));
  const problems = new Map<ClusterKey, string>();
  const withProblems = async (key: ClusterKey, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RefusedWrite)) throw error;
      problems.set(key, messageOf(error));
    }
  };
  const { unknown, admitted } = await findStrangers(dependencies, subscription, [...clusters.keys()], withProblems);
  const wanted = [...clusters].filter(([key]) => !problems.has(key) && (!unknown.has(key) || admitted.has(key)));
  await inParallel(wanted, width, ([key, said]) =>
    withProblems(key, () => markOne(dependencies, key, said, unknown.has(key) ? 'stranger' : 'event')),
  );
  return problems;
}

async function markOne(
  dependencies: Dependencies,
  key: ClusterKey,
  said: readonly Said[],
  by: NonNullable<ObserveMessage['by']>,
): Promise<void> {
  const { clock, tables, log } = dependencies;
  const now = clock.now();
  const hints = said.flatMap(({ hint }) => hint ?? []);
  const evidence = said.flatMap(({ evidence: one }) => one ?? []);
  const room = evidence.length > 0 ? roomForEvidence(await readMark(tables, key), now) : 0;
  const { kept, dropped } = await keepEvidence(tables, key, evidence, room);
  if (dropped > 0)
    log.warn(`${dropped} more events of who changed ${key} were not kept: ${maxEvidence} were in ten minutes.`);
  let delaySeconds: number | undefined;
  let lost = 0;
  let mark: Mark | undefined;
  await changeMark(tables, key, (before) => {
    const after = marked(before, hints, now);
    delaySeconds = after?.delaySeconds;
    mark = after?.mark ?? before;
    lost = (after?.mark.dropped ?? 0) - (before?.dropped ?? 0);
    return kept + dropped > 0 ? withEvidence(after?.mark ?? before, kept, dropped, now) : after?.mark;
  });
  if (lost > 0) log.warn(`${lost} more times that events gave of ${key} were not kept: ${maxHints} wait to be judged.`);
  const [first] = said;
  if (delaySeconds === undefined || !first) return rememberSaid(dependencies, key, mark);
  const hint = hints.at(-1);
  const message: ObserveMessage = {
    clusterId: first.clusterId,
    hint: hint && { kind: hint.kind, nodePool: hint.nodePool, at: hint.at.toString() },
    by,
  };
  await ask(dependencies, key, message, now, delaySeconds);
  rememberSaid(dependencies, key, mark);
}

/** A mark whose message was not sent would keep others from sending theirs. */
async function ask(
  dependencies: Dependencies,
  key: ClusterKey,
  message: ObserveMessage,
  now: Temporal.Instant,
  delaySeconds: number,
): Promise<void> {
  const { queues, tables } = dependencies;
  try {
    await queues.send('observe-cluster', message, delaySeconds);
  } catch (error) {
    const dueAt = now.add({ seconds: delaySeconds });
    const unasked = (mark: Mark | undefined) =>
      mark?.dueAt?.equals(dueAt) ? { ...mark, dueAt: undefined } : undefined;
    await contained(dependencies, `The mark of ${key} stays for a minute`, () => changeMark(tables, key, unasked));
    throw error;
  }
}
