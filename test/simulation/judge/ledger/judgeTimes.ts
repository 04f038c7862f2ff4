// Judges when a recorded roll began, and the window that it was held against. Called by judgeRoll.ts.
import { keyOf } from '../../record/keyOf.ts';
import type { RunRecord, Wrong } from '../../record/record.ts';
import type { Rolled } from '../../record/stored.ts';
import type { TrueRoll } from '../../record/truth.ts';
import { openAt, readWindow } from '../own/calendar.ts';
import { canonical } from '../own/canonical.ts';

/** @param rolls of several that nobody saw end, the entry may date any */
export function judgeTimes(
  record: RunRecord,
  entry: Rolled,
  roll: TrueRoll,
  rolls: readonly TrueRoll[],
  slack: number,
  wrong: Wrong,
): void {
  const when = new Date(roll.startedAt).toISOString();
  const [after, notAfter] = entry.startedBetween;
  const isInside = (start: number) =>
    (after === null || start >= Date.parse(after) - slack) && start <= Date.parse(notAfter) + slack;
  const wasShown = record.shown.some(
    ({ at, clusterKey, busy }) =>
      clusterKey === keyOf(entry.cluster) &&
      busy.has(entry.nodePool.toLowerCase()) &&
      at >= roll.startedAt &&
      at <= (roll.endedAt ?? at),
  );
  if (!(wasShown ? [roll] : rolls).some(({ startedAt }) => isInside(startedAt))) {
    wrong('startedBetween', `${after} to ${notAfter}, but it started at ${when}`);
  }
  // An answer takes up to 30 s, and so does what is written from it.
  if (
    entry.startedAt &&
    !rolls.some((one) => Math.abs(one.startedAt - Date.parse(entry.startedAt ?? '')) <= slack + 31_000)
  ) {
    wrong('startedAt', `${entry.startedAt}, but it started at ${when}`);
  }
  if (entry.inWindow === 'unknown' || rolls.length > 1) return;
  judgeWindow(entry, roll, slack, wrong);
  judgeReading(record, entry, wrong);
  judgeKubernetes(record, entry, roll, slack, wrong);
}

/** Only an upgrade of Kubernetes is held against AKS's window for those, and AKS's own one in it is never outside. */
function judgeKubernetes(record: RunRecord, entry: Rolled, roll: TrueRoll, slack: number, wrong: Wrong): void {
  if (isOfKubernetes(entry) && entry.cause !== 'kubernetesUpgrade') {
    wrong('window', `${entry.cause} was held against the window of Kubernetes`);
  }
  if (!roll.isAksKubernetes || entry.inWindow !== false) return;
  const { startedAt } = roll;
  const moments = record.truth.clusters.get(keyOf(entry.cluster)) ?? [];
  // What the keeper had read may be older than the owner's last change.
  const [from, to] = [startedAt - oldestReading, Date.parse(entry.recordedAt) + slack];
  const inForce = moments.filter(({ at }, index) => at <= to && (moments[index + 1]?.at ?? to) >= from);
  const windows = new Set(
    inForce.map(({ kubernetesWindow, rest }) => JSON.stringify([kubernetesWindow, channelIn(rest)])),
  );
  const [moment] = inForce;
  if (windows.size !== 1 || !moment || (moments[0]?.at ?? to) > from) return;
  const window = readWindow(moment.kubernetesWindow);
  const isInside = [-slack, 0, slack].every((shift) => openAt(window, startedAt + shift) !== undefined);
  if (isInside) wrong('inWindow', "false, but AKS upgraded Kubernetes in the cluster's window for that");
}

const oldestReading = 26 * 3_600_000;

function channelIn(rest: string): unknown {
  return rest === '' ? undefined : (JSON.parse(rest) as { readonly upgradeChannel?: string }).upgradeChannel;
}

function isOfKubernetes({ window }: Rolled): boolean {
  return window?.name === 'aksManagedAutoUpgradeSchedule';
}

function judgeWindow(entry: Rolled, { startedAt }: TrueRoll, slack: number, wrong: Wrong): void {
  const window = entry.window && readWindow(JSON.stringify(entry.window.maintenanceWindow));
  const verdicts = [-slack, 0, slack].map((shift) => openAt(window, startedAt + shift) !== undefined);
  if (new Set(verdicts).size === 1 && verdicts[0] !== entry.inWindow) {
    const when = new Date(startedAt).toISOString();
    wrong('inWindow', `${entry.inWindow}, but it started at ${when}; judged on ${JSON.stringify(entry.window)}`);
  }
}

/** The configuration that it was judged on was in force when it was read. */
function judgeReading(record: RunRecord, entry: Rolled, wrong: Wrong): void {
  if (!entry.window) return;
  const slack = record.largestSkew + 31_000;
  const readAt = Date.parse(entry.window.readAt);
  const moments = record.truth.clusters.get(keyOf(entry.cluster)) ?? [];
  const text = canonical(entry.window.maintenanceWindow);
  const isTrue = moments.some(({ at, ...moment }, index) => {
    const window = isOfKubernetes(entry) ? moment.kubernetesWindow : moment.window;
    return (
      window !== undefined &&
      canonical(JSON.parse(window)) === text &&
      at <= readAt + slack &&
      (moments[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= readAt - slack
    );
  });
  if (!isTrue) wrong('window configuration', `not in force at ${entry.window.readAt}`);
}
