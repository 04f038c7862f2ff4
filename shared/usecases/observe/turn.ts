// When an observation may read ARM, and what events said by then. What can't be read now waits, and loses nothing. Called by
// recordObservation and readProofs.
import { Temporal } from 'temporal-polyfill';
import { throttledSeconds, waitOf } from '../../domain/attempt/requestBudget.ts';
import { clusterKey, subscriptionOf } from '../../domain/cluster/clusterId.ts';
import { begun, ended, markClosedUntil, putOff, quietSeconds } from '../../domain/observe/mark.ts';
import type { Hint } from '../../domain/observe/observation.ts';
import { byTime } from '../../domain/text/stored.ts';
import { ArmError } from '../../ports/arm.ts';
import { changeMark, readMark } from '../../stores/marksStore.ts';
import { readClosedUntil, readsOf, takeRequests } from '../../stores/starts/budgetStore.ts';
import { closeThrottled } from '../closeThrottled.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ObserveMessage } from '../messages.ts';

/** What each leaves in the budget for those that matter more: a pass and an attempt leave nothing. */
const reserves = { stranger: 50, event: 10 } as const;
const strangerSeconds = 30;

/** What events said, as far as it is not settled. Undefined: nothing may be read now, and a message comes when it may. */
export async function takeTurn(
  dependencies: Dependencies,
  message: ObserveMessage,
): Promise<readonly Hint[] | undefined> {
  const { clock, tables } = dependencies;
  const key = clusterKey(message.clusterId);
  const subscription = subscriptionOf(key);
  const now = clock.now();
  const own = message.hint ? [{ ...message.hint, at: Temporal.Instant.from(message.hint.at) }] : [];
  const closed = markClosedUntil(await readMark(tables, key), now);
  const asked = { wanted: 1, reserve: message.by ? reserves[message.by] : 0 };
  if (closed || (await takeRequests(tables, readsOf(subscription), asked, now)) < 1) {
    const soon = now.add({ seconds: message.by === 'stranger' ? strangerSeconds : quietSeconds });
    const reads = await readClosedUntil(tables, readsOf(subscription), now);
    const free = closed ?? ('value' in reads ? reads.value : undefined) ?? soon;
    await wait(dependencies, message, own, free);
    return undefined;
  }
  let hints: readonly Hint[] = own;
  await changeMark(tables, key, (mark) => {
    hints = [...own, ...(mark?.hints ?? [])];
    return mark?.dueAt ? begun(mark, now) : undefined;
  });
  return hints;
}

/** @param isKnown ARM or the ledger has the cluster */
export async function endTurn(
  { clock, tables }: Dependencies,
  clusterId: string,
  told: readonly Hint[],
  isKnown: boolean,
) {
  await changeMark(tables, clusterKey(clusterId), (mark) => {
    const isNews = isKnown ? mark && (mark.absentAt || told.length > 0) : true;
    return isNews ? ended(mark ?? { hints: [] }, told, isKnown, clock.now()) : undefined;
  });
}

/** ARM said 429: the observation comes again when that is over. @throws anything else */
export async function endThrottled(
  dependencies: Dependencies,
  message: ObserveMessage,
  told: readonly Hint[],
  error: unknown,
): Promise<void> {
  if (!(error instanceof ArmError) || error.status !== 429) throw error;
  const { clock, tables, log } = dependencies;
  const until = clock.now().add({ seconds: Math.ceil(waitOf(error.retryAfterSeconds, throttledSeconds)) + 1 });
  log.warn(`${error.message}; it is read again after ${until.toString()}.`);
  await closeThrottled(dependencies, subscriptionOf(clusterKey(message.clusterId)), undefined, error);
  await wait(dependencies, message, told, until);
  await changeMark(tables, clusterKey(message.clusterId), (mark) => mark && { ...mark, closedUntil: until });
}

/** The message before the mark: a mark without one would wait in vain. */
async function wait(
  { clock, tables, queues }: Dependencies,
  { clusterId, by }: ObserveMessage,
  told: readonly Hint[],
  until: Temporal.Instant,
): Promise<void> {
  const key = clusterKey(clusterId);
  const now = clock.now();
  const dueAt = [until, now.add({ seconds: 1 })].toSorted(byTime).at(-1) as Temporal.Instant;
  if (putOff(await readMark(tables, key), told, dueAt, now)?.isAsked === false) {
    const message: ObserveMessage = { clusterId, by };
    await queues.send('observe-cluster', message, Math.ceil(now.until(dueAt).total('seconds')));
  }
  await changeMark(tables, key, (mark) => putOff(mark, told, dueAt, now)?.mark);
}
