// The check of the whole record, spread over messages. GET /api/history/verify and the weekly check ask for it; verifyClusters does
// the parts.
import { randomUUID } from 'node:crypto';
import { isBefore } from '../../domain/text/stored.ts';
import {
  type Check,
  endCheck,
  keepLastCheck,
  readCheck,
  readParts,
  writeCheck,
  writePart,
} from '../../stores/views/checkStore.ts';
import type { Dependencies } from '../dependencies.ts';
import type { CheckMessage } from '../messages.ts';
import { type Checked, checkRecord, type Names } from './checkRecord.ts';
import { findClusters } from './findClusters.ts';
import type { DigestReport } from './readDigests.ts';
import type { ClusterVerdict } from './verifyCluster.ts';

/** All at once, for those that are few. What it found of everything is kept for whoever asks how the keeper does. */
export async function checkAtOnce(parts: Parts, names: Names): Promise<Checked> {
  const checkedAt = parts.clock.now();
  const checked = await checkRecord(parts, names);
  const isAll = Object.values(names).every((name) => name === undefined);
  if (isAll) await keepLastCheck(parts.tables, { checkedAt, broken: brokenOf(checked) });
  return checked;
}

/** So many clusters are checked while a caller waits. */
const maxAtOnce = 25;
// Each part reads all months and terms, so that more parts read more in all.
const maxParts = 8;
const verdictsPerRow = 25;
/** What a check found is answered for so long. */
const usedMinutes = 10;
/** A part that is not there by then was lost, or failed as often as a message may. */
const lostMinutes = 15;

type Parts = Pick<Dependencies, 'clock' | 'tables' | 'digests' | 'queues' | 'subscriptions'>;

/** Few clusters, or those of a subscription that the check of the whole does not know. */
export async function isAtOnce(parts: Parts, names: Names): Promise<boolean> {
  const { subscription } = names;
  if (subscription !== undefined && !parts.subscriptions.includes(subscription)) return true;
  return (await findClusters(parts, names)).length <= maxAtOnce;
}

/** `done` of `of` parts are there; `lost`: the check before this one did not become complete. */
type Progress = Checked & {
  readonly startedAt: string;
  readonly done: number;
  readonly of: number;
  readonly lost?: string | undefined;
};

export type CheckState = { readonly complete: Progress } | { readonly running: Progress };

/** What the newest check found, as far as it is; begins one where there is none, or it is too old or lost. */
export async function followCheck(parts: Parts): Promise<CheckState> {
  const { clock, tables } = parts;
  const { check, etag } = await readCheck(tables);
  const progress = check && (await progressOf(parts, check));
  const now = clock.now();
  const age = progress && now.since(progress.at).total('minutes');
  if (progress && age !== undefined) {
    if (progress.done === progress.of && age < usedMinutes) return { complete: progress };
    if (progress.done < progress.of && age < lostMinutes) return { running: progress };
  }
  const begun = await beginCheck(parts, etag);
  const lost =
    progress && progress.done < progress.of
      ? `The check that began at ${progress.startedAt} lacks ${progress.of - progress.done} of ${progress.of} parts: they were lost, or failed. It was begun anew; the log of verifyClusters and the queue verify-history-poison say why.`
      : undefined;
  return { running: { ...begun, lost } };
}

/** Where others begin one at the same time, theirs is taken. */
async function beginCheck(parts: Parts, etag: string | undefined): Promise<Progress> {
  const { clock, tables, queues } = parts;
  const clusters = await findClusters(parts, {});
  const of = Math.min(maxParts, Math.ceil(clusters.length / maxAtOnce) || 1);
  const check: Check = { id: randomUUID(), startedAt: clock.now(), of };
  if ((await writeCheck(tables, check, etag)) === 'written') {
    for (let part = 0; part < of; part += 1) {
      await queues.send('verify-history', { kind: 'check', check: check.id, part } satisfies CheckMessage, 0);
    }
    return progressOf(parts, check);
  }
  const theirs = (await readCheck(tables)).check;
  if (!theirs) throw new Error('Row "current" of partition "check" in the table Reports can\'t be read.');
  return progressOf(parts, theirs);
}

async function progressOf({ tables }: Parts, check: Check) {
  const read = await readParts(tables, check);
  const values = read.flatMap((part) => part.values as readonly Partial<Checked>[]);
  const verdicts = values.flatMap((value) => value.verdicts ?? []);
  const reports = values.flatMap(({ digests }) => digests ?? []);
  const at = read.map((part) => part.at).reduce((a, b) => (isBefore(a, b) ? b : a), check.startedAt);
  return {
    startedAt: check.startedAt.toString(),
    at,
    done: read.length,
    of: check.of,
    verdicts: verdicts.toSorted((a, b) => (a.cluster.toLowerCase() < b.cluster.toLowerCase() ? -1 : 1)),
    digests: worstOf(reports),
  };
}

/** The parts read them one after the other, so that they may differ. */
function worstOf(reports: readonly DigestReport[]): DigestReport {
  const notChecked: DigestReport = { whole: 'unknown', compared: 0, problems: ['No part of the check is done yet.'] };
  const [first = notChecked] = reports;
  return reports.find(({ whole }) => whole === false) ?? reports.find(({ whole }) => whole !== true) ?? first;
}

/** One part; the one that completes the check keeps what it found. A message of an older check does nothing. */
export async function checkPart(parts: Parts, { check: id, part }: CheckMessage): Promise<void> {
  const { clock, tables } = parts;
  const { check } = await readCheck(tables);
  if (check?.id !== id) return;
  const { verdicts, digests } = await checkRecord(parts, {}, { part, of: check.of });
  const values: Partial<Checked>[] = [{ digests, verdicts: verdicts.slice(0, verdictsPerRow) }];
  for (let start = verdictsPerRow; start < verdicts.length; start += verdictsPerRow) {
    values.push({ verdicts: verdicts.slice(start, start + verdictsPerRow) });
  }
  await writePart(tables, check, part, clock.now(), values);
  const progress = await progressOf(parts, check);
  if (progress.done < progress.of) return;
  await endCheck(tables, check, { checkedAt: check.startedAt, broken: brokenOf(progress) });
}

function brokenOf({ verdicts, digests }: Checked) {
  const ofClusters = verdicts
    .filter(({ whole }) => !whole)
    .map((one: ClusterVerdict) => {
      return { cluster: one.cluster, problem: one.firstBreak?.problem ?? 'is not whole' };
    });
  const ofDigests =
    digests.whole === false ? [{ cluster: 'digests', problem: (digests.problems ?? []).join(' ') }] : [];
  return [...ofClusters, ...ofDigests];
}
