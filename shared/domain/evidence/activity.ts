// Evidence held against the Activity Log, which nobody can write to by hand. Called by confirmEvidence and
// attributeRolls.
import type { Temporal } from 'temporal-polyfill';
import { samePool } from '../cluster/cluster.ts';
import type { News } from '../ledger/amendment.ts';
import type { Actor } from '../ledger/entryParts.ts';
import type { Amendment } from '../ledger/ledger.ts';
import { byTime, isBefore } from '../text/stored.ts';
import { actionsOf, kindOf } from './action.ts';
import type { KnownRoll } from './attribute.ts';
import type { ChangeEvidence, OperationEvidence } from './changeEvidence.ts';

/** One record of the Activity Log. An operation has several, of one correlation id: `started`, `accepted`, how it ended. */
export type Activity = {
  readonly cluster: string;
  readonly nodePool: string | undefined;
  readonly operation: string;
  /** `started`: ARM has the request, and may refuse it yet. */
  readonly status: 'started' | 'accepted' | 'succeeded' | 'failed' | 'canceled';
  readonly at: Temporal.Instant;
  readonly correlationId: string;
  readonly actor: Actor | undefined;
};

type Logged = {
  readonly last: Activity;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly isRefused: true | undefined;
  readonly actor: Actor | undefined;
};

/** The log lags: it has all of an operation when this long went by. */
export const lagMinutes = 60;
/** A request that ARM refuses has failed within this time. */
const refusedSeconds = 60;
/** An event and the log may time the same operation so differently. */
export const slackMinutes = 10;

/** An operation that would explain a roll, if it were true: one that failed explains a roll that did. */
function isTelling({ operation }: OperationEvidence): boolean {
  return kindOf(operation) !== undefined;
}

/** What only events say as yet. */
export function isReported(evidence: ChangeEvidence): evidence is OperationEvidence {
  return evidence.kind === 'operation' && !evidence.logged && !evidence.isUnlogged && isTelling(evidence);
}

/**
 * The evidence that changes: what the log confirms, in its words; what it does not know; what no event told of.
 * @param activities of this cluster, from `read.from` up to `read.at`, when the log was asked
 */
export function holdAgainstLog(
  evidence: readonly ChangeEvidence[],
  activities: readonly Activity[],
  read: { readonly from: Temporal.Instant; readonly at: Temporal.Instant },
): readonly OperationEvidence[] {
  const logged = loggedIn(activities);
  const operations = evidence.filter((one) => one.kind === 'operation');
  const judged = operations.filter(isReported).flatMap((one) => judge(one, logged, read) ?? []);
  const known = [...operations, ...judged];
  const ended = logged.filter(({ last, isRefused }) => isEnd(last) && !isRefused);
  const untold = ended.filter((one) => !known.some((other) => isOf(other, one)));
  return [...judged, ...untold.map(fromLog).filter(isTelling)];
}

function loggedIn(activities: readonly Activity[]): readonly Logged[] {
  const keyOf = ({ nodePool = '', operation, correlationId }: Activity) =>
    JSON.stringify([nodePool, operation, correlationId]).toLowerCase();
  return [...Map.groupBy(activities, keyOf).values()].flatMap((records) => {
    // Records of one moment come in any order: how it ended is the last.
    const ordered = records.toSorted((a, b) => byTime(a.at, b.at) || Number(isEnd(a)) - Number(isEnd(b)));
    const [first, last] = [ordered[0], ordered.findLast(isEnd) ?? ordered.at(-1)];
    const actor = ordered.find((one) => one.actor)?.actor;
    if (!first || !last) return [];
    // What ARM refuses it never accepts, and says so at once.
    const isSoon = isBefore(last.at, first.at.add({ seconds: refusedSeconds }));
    const isBegun = first.status !== 'started' || ordered.some(({ status }) => status === 'accepted');
    const isRefused = last.status === 'failed' && isSoon && !isBegun;
    return [{ last, from: first.at, to: last.at, isRefused: isRefused || undefined, actor }];
  });
}

function judge(
  evidence: OperationEvidence,
  logged: readonly Logged[],
  read: { from: Temporal.Instant; at: Temporal.Instant },
) {
  const isLate = !isBefore(read.at, evidence.at.add({ minutes: lagMinutes }));
  const found = logged.find((one) => isOf(evidence, one));
  if (!found) {
    const isCovered = !isBefore(evidence.at, read.from.add({ minutes: slackMinutes }));
    return isLate && isCovered ? { ...evidence, isUnlogged: true as const } : undefined;
  }
  // Who asked for it is known; whether it succeeded may not be in the log yet.
  return isEnd(found.last) || isLate ? confirmed(evidence, found) : undefined;
}

function confirmed(evidence: OperationEvidence, { last, from, to, isRefused, actor }: Logged): OperationEvidence {
  const { actor: _reported, ...rest } = evidence;
  const status = isEnd(last) ? statusOf(last) : evidence.status;
  return { ...rest, status, actor, logged: { from, to, isRefused } };
}

function fromLog({ last, from, to, isRefused, actor }: Logged): OperationEvidence {
  const { cluster, nodePool, operation, correlationId } = last;
  const id = ['activityLog', nodePool ?? '', operation, correlationId].join('|').toLowerCase();
  const about = { kind: 'operation', id, cluster, nodePool, operation, at: to, actor } as const;
  return { ...about, status: statusOf(last), logged: { from, to, isRefused }, isFromLog: true };
}

/** The same cluster's. One that names nobody, and so has no correlation id, is known by its time alone. */
function isOf(evidence: OperationEvidence, { last, from, to }: Logged): boolean {
  const { actor, at, nodePool = '', operation } = evidence;
  const isSame = samePool(nodePool, last.nodePool ?? '') && kindOf(operation) === kindOf(last.operation);
  const id = actor?.correlationId?.toLowerCase() ?? last.correlationId.toLowerCase();
  if (!isSame || id !== last.correlationId.toLowerCase()) return false;
  const isAfter = !isBefore(at, from.subtract({ minutes: slackMinutes }));
  return isAfter && (!isEnd(last) || !isBefore(to.add({ minutes: slackMinutes }), at));
}

function isEnd({ status }: Activity): boolean {
  return status !== 'accepted' && status !== 'started';
}

function statusOf({ status }: Activity): OperationEvidence['status'] {
  return status === 'accepted' || status === 'started' ? 'succeeded' : status;
}

/** Who says who did something, as the source of an amendment. */
const tellers: ReadonlySet<string> = new Set(['resourceEvents', 'scheduledEvents', 'activityLog']);

/**
 * What takes back who was named for a roll by an event that the log does not bear out. Undefined where nobody was, or what
 * was said stands. @param amendments of the roll, oldest first
 */
export function takeBack({ folded }: KnownRoll, amendments: readonly Amendment[], evidence: readonly ChangeEvidence[]) {
  const { source } = amendments.findLast((one) => tellers.has(one.source.name)) ?? {};
  if (source?.name !== 'resourceEvents' || folded.evidence === 'notInActivityLog' || folded.evidence === 'confirmed')
    return undefined;
  const [told] = evidence.filter(({ kind, id }) => kind === 'operation' && id === source.id);
  if (!told || actionsOf([told]).length > 0) return undefined;
  const hasFailed = told.kind === 'operation' && told.status !== 'succeeded';
  const what = hasFailed ? 'began, and failed' : 'succeeded';
  const reason = `The Activity Log knows no such operation that ${what}: who was named by ${source.name} ${source.id} is taken back.`;
  return { source: { name: 'activityLog', id: source.id }, evidence: 'notInActivityLog', reason } satisfies News;
}
