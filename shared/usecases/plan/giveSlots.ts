// Gives the pools that are due their slots, and says so to those for whom there is none. Called by runPass.
import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { refreshShare, requestsPerStart } from '../../domain/attempt/requestBudget.ts';
import type { Decision } from '../../domain/plan/decision.ts';
import { refused } from '../../domain/plan/planFleet.ts';
import { type DuePool, giveTurns, type Turns } from '../../domain/plan/turns.ts';
import { isBefore } from '../../domain/text/stored.ts';
import { readTokens, upgradesIn } from '../../stores/starts/budgetStore.ts';
import {
  isStanding,
  removeSlots,
  type Slot,
  type Slots,
  slotName,
  writeSlots,
} from '../../stores/starts/slotsStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { StartMessage } from '../messages.ts';
import { dueOf, isLookedAt } from './duePools.ts';
import type { Decided, GatheredFleet } from './gatherFleet.ts';

/** A start that is not begun so long after its turn is left to a later pass. */
const lateMinutes = 5;
type Given = {
  readonly start: readonly StartMessage[];
  readonly decided: readonly Decided[];
  /** The ids of clusters that nobody has read yet, and that a start reads soon. */
  readonly looked: ReadonlySet<string>;
};

type Parts = Pick<Dependencies, 'clock' | 'tables' | 'log' | 'shareForOthers'>;

/** The messages of the slots that were given now, and the decisions, of which some are not to start after all. */
export async function giveSlots(
  dependencies: Parts,
  { subscription, slots }: Pick<GatheredFleet, 'subscription' | 'slots'>,
  decided: readonly Decided[],
  rings: readonly string[],
): Promise<Given> {
  const { clock, tables, log } = dependencies;
  const now = clock.now();
  const start: StartMessage[] = [];
  const changes = new Map<string, Slot>();
  const late = new Map<Decision, string>();
  for (const [region, own] of Map.groupBy(decided, ({ facts }) => facts.cluster.location ?? '')) {
    const due = own.flatMap((one) => dueOf(one, rings, slots));
    if (due.length === 0) continue;
    const stands = (one: DuePool) => isStanding(slotOf(slots, one), now);
    const [standing, waiting] = [due.filter(stands), due.filter((one) => !stands(one))];
    const turns = await turnsOf(dependencies, { subscription, region }, standing.length, waiting, now);
    for (const { due: one, at } of turns.given) {
      const { cluster, nodePool } = one.decision;
      const id = randomUUID();
      changes.set(slotName(cluster, nodePool), { ...slotOf(slots, one), cluster, nodePool, id, at });
      const expiresAt = at.add({ minutes: lateMinutes }).toString();
      start.push({ clusterId: cluster, nodePool, at: at.toString(), expiresAt, region, slot: id, pools: one.pools });
    }
    for (const turn of turns.late) {
      const { cluster, nodePool } = turn.due.decision;
      late.set(turn.due.decision, sentenceOf(turn, region, due.length));
      const slot = afterMissing(slotOf(slots, turn.due), turn.due.decision);
      if (slot) changes.set(slotName(cluster, nodePool), { ...slot, cluster, nodePool });
    }
    if (turns.late.length > 0)
      log.warn(
        `${subscription}, ${region}: ${turns.late.length} of ${due.length} due pools have no turn in their windows.`,
      );
  }
  await writeSlots(tables, subscription, changes);
  await removeSlots(tables, subscription, spent(slots, decided, now));
  const told = (decision: Decision) => {
    const sentence = late.get(decision);
    return sentence === undefined ? decision : refused(decision, 'budget', sentence);
  };
  const looked = new Set(start.map(({ clusterId }) => clusterId));
  for (const one of decided) if (isLookedAt(one, slots, now)) looked.add(one.facts.cluster.id);
  return { start, looked, decided: decided.map((one) => ({ ...one, decisions: one.decisions.map(told) })) };
}

/** Starts get what of the keeper's share is not refreshing's. */
async function turnsOf(
  { tables, shareForOthers }: Parts,
  { subscription, region }: { readonly subscription: string; readonly region: string },
  standing: number,
  waiting: readonly DuePool[],
  now: Temporal.Instant,
): Promise<Turns> {
  const budget = upgradesIn(subscription, region, shareForOthers);
  const ready = await readTokens(tables, budget, now);
  const perSecond = budget.perSecond * (1 - refreshShare);
  return giveTurns(waiting, { ready, perSecond, standing: standing * requestsPerStart }, now);
}

const slotOf = (slots: Slots, { decision }: DuePool) => slots.get(slotName(decision.cluster, decision.nodePool))?.slot;

/** Undefined: it was told before that it has no turn in this occurrence. */
function afterMissing(slot: Slot | undefined, { window, cluster, nodePool }: Decision): Slot | undefined {
  const opensAt = window && Temporal.Instant.from(window.opensAt);
  if (!opensAt || (slot?.missedAt && !isBefore(slot.missedAt, opensAt))) return undefined;
  return { cluster, nodePool, missed: (slot?.missed ?? 0) + 1, missedAt: opensAt };
}

/** The slots of pools that are up to date, or no more; a turn that was given is left alone until it is long over. */
function spent(slots: Slots, decided: readonly Decided[], now: Temporal.Instant) {
  const known = new Set(
    decided.flatMap(({ decisions }) =>
      decisions
        .filter(({ reason }) => reason !== 'upToDate')
        .map(({ cluster, nodePool }) => slotName(cluster, nodePool)),
    ),
  );
  return [...slots].filter(([name, { slot }]) => !known.has(name) && !isStanding(slot, now));
}

function sentenceOf({ at, due }: Turns['late'][number], region: string, all: number): string {
  const { window, estimateMinutes } = due.decision;
  return `AKS takes so many requests of a subscription in a region and no more, and ${all} pools of ${region || 'an unknown region'} are due: its turn would come at ${at.toString()}, too late for a roll of about ${estimateMinutes} minutes in the window that closes at ${window?.closesAt}. It goes before others once it has missed two occurrences.`;
}
