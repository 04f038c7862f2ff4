// The gates in their order (DESIGN section 5): each looks at one pool and refuses with a reason in plain words, or lets
// it pass. All are evaluated, so that a decision shows everything that stands in the way. Called by plan.
import { Temporal } from 'temporal-polyfill';
import { isTerminal, type NodePool, samePool } from './cluster.ts';
import type { RefusalReason } from './decision.ts';
import { imageSupport } from './imageSupport.ts';
import type { PoolHead } from './ledger.ts';
import { type MaintenanceWindow, nextOpening, type WindowAt, type WindowProblem } from './maintenanceWindow.ts';
import { compareReleases, parseNodeImageVersion } from './nodeImageVersion.ts';
import type { ClusterFacts, Read } from './plan.ts';
import { type PolicyInForce, selects } from './policy.ts';

/** What the gates look at: one pool, its cluster's facts, and the window as read at `now`. */
export type PoolContext = {
  readonly facts: ClusterFacts;
  readonly policy: PolicyInForce;
  readonly pool: NodePool;
  readonly window:
    | { readonly kind: 'notRead'; readonly problem: string }
    | { readonly kind: 'none' }
    | { readonly kind: 'unreadable'; readonly problems: readonly WindowProblem[] }
    | { readonly kind: 'window'; readonly window: MaintenanceWindow; readonly at: WindowAt };
  readonly now: Temporal.Instant;
  readonly latest: Read<string | undefined>;
  readonly head: PoolHead | undefined;
  readonly estimateMinutes: number;
};

export type Refusal = {
  readonly reason: RefusalReason;
  readonly sentence: string;
  readonly nextEligibleAt?: Temporal.Instant | undefined;
};

type Gate = (context: PoolContext) => Refusal | undefined;

/** Nothing is started this close to either edge of a window: our clock and ARM's differ by less. */
const edgeSeconds = 60;
/** How far ARM's Date may lie from our clock. */
const skewSeconds = 30;
/** A pool that fits no occurrence starts only this early in one. */
const overrunMinutes = 30;

const notSelected: Gate = ({ policy, facts }) =>
  selects(policy.policy, facts.cluster)
    ? undefined
    : { reason: 'notSelected', sentence: 'No selector of the policy matches this cluster.' };

const readFailed: Gate = ({ facts, latest, window }) => {
  const problems = [
    facts.problem && `the cluster: ${facts.problem}`,
    window.kind === 'notRead' && `its maintenance window: ${window.problem}`,
    'problem' in latest && `its latest node image: ${latest.problem}`,
  ].filter(Boolean);
  return problems.length > 0
    ? { reason: 'readFailed', sentence: `Not known from ARM: ${problems.join('; ')}.` }
    : undefined;
};

const unsupportedPool: Gate = ({ pool }) => {
  if (pool.mode.toLowerCase() === 'machines') {
    return {
      reason: 'unsupportedPool',
      sentence: 'AKS manages pools of mode Machines itself and refuses to upgrade them.',
    };
  }
  return pool.snapshotId
    ? { reason: 'unsupportedPool', sentence: `The pool is pinned to the snapshot ${pool.snapshotId}.` }
    : undefined;
};

const clusterStopped: Gate = ({ facts: { cluster } }) =>
  cluster.powerState.toLowerCase() === 'running'
    ? undefined
    : {
        reason: 'clusterStopped',
        sentence: `The cluster is ${cluster.powerState}; a stopped cluster can't be upgraded.`,
      };

const poolStopped: Gate = ({ pool }) =>
  pool.powerState.toLowerCase() === 'running'
    ? undefined
    : { reason: 'poolStopped', sentence: `The pool is ${pool.powerState}; a stopped pool can't be upgraded.` };

const attemptInFlight: Gate = ({ facts: { attempt }, pool }) => {
  if (!attempt) return undefined;
  const which = samePool(attempt.nodePool, pool.name) ? 'this pool' : `pool ${attempt.nodePool} of this cluster`;
  return {
    reason: 'attemptInFlight',
    sentence: `The keeper’s upgrade of ${which} to ${attempt.to} is in flight (${attempt.state} since ${attempt.intendedAt}).`,
  };
};

const clusterBusy: Gate = ({ facts, pool, now }) => {
  const { cluster } = facts;
  const verdict = starterVerdict({ facts, pool, now }, 'clusterBusy');
  if (verdict) return verdict;
  if (cluster.provisioningState.toLowerCase() !== 'succeeded') {
    return { reason: 'clusterBusy', sentence: `The cluster's state is ${cluster.provisioningState}, not Succeeded.` };
  }
  const busy = cluster.nodePools.find(
    (other) => !samePool(other.name, pool.name) && !isTerminal(other.provisioningState),
  );
  return busy
    ? { reason: 'clusterBusy', sentence: `Pool ${busy.name} of this cluster is busy: ${busy.provisioningState}.` }
    : undefined;
};

const poolBusy: Gate = ({ pool }) =>
  isTerminal(pool.provisioningState)
    ? undefined
    : { reason: 'poolBusy', sentence: `The pool is busy: ${pool.provisioningState}.` };

const poolFailed: Gate = ({ pool }) => {
  if (!['failed', 'canceled'].includes(pool.provisioningState.toLowerCase())) return undefined;
  const error = pool.error ? `: ${pool.error.code}, ${pool.error.message}` : '';
  return {
    reason: 'poolFailed',
    sentence: `The pool's last operation is ${pool.provisioningState}${error}. Repair it; the keeper does not start on it.`,
  };
};

const imageUnknown: Gate = ({ pool, latest }) => {
  if ('problem' in latest) return undefined;
  const current = pool.nodeImageVersion;
  if (current === undefined)
    return { reason: 'imageUnknown', sentence: 'ARM gives no node image version of the pool.' };
  if (latest.value === undefined)
    return { reason: 'imageUnknown', sentence: 'ARM gives no latest node image of the pool.' };
  const unreadable = [current, latest.value].find((text) => !parseNodeImageVersion(text));
  return unreadable === undefined || current === latest.value
    ? undefined
    : { reason: 'imageUnknown', sentence: `"${unreadable}" is not a node image version that the keeper can read.` };
};

const imageRetired: Gate = ({ pool, latest, now }) => {
  const current = parseNodeImageVersion(pool.nodeImageVersion ?? '');
  const offered = 'problem' in latest ? undefined : latest.value;
  if (!current || offered === undefined || isNewer(offered, pool.nodeImageVersion ?? '')) return undefined;
  const support = imageSupport(current, now);
  return support.status === 'retired'
    ? {
        reason: 'imageRetired',
        sentence: `${current.family} gets no newer image: ${support.reason ?? 'it is retired'}`,
      }
    : undefined;
};

const upToDate: Gate = ({ pool, latest }) => {
  const current = pool.nodeImageVersion;
  if (current === undefined || 'problem' in latest || latest.value === undefined) return undefined;
  if (isNewer(latest.value, current)) return undefined;
  return current === latest.value
    ? { reason: 'upToDate', sentence: `The pool runs the latest image, ${current}.` }
    : { reason: 'upToDate', sentence: `ARM's latest, ${latest.value}, is not newer than the pool's ${current}.` };
};

const rolledBack: Gate = ({ head, latest }) => {
  const left = head?.rolledBackFrom;
  if (!left || 'problem' in latest || latest.value === undefined || isNewer(latest.value, left)) return undefined;
  return {
    reason: 'rolledBack',
    sentence: `The pool was rolled back from ${left}; a newer release than that is awaited.`,
  };
};

const autoUpgradeChannelActive: Gate = ({ facts: { cluster }, pool }) => {
  const channel =
    cluster.sku?.toLowerCase() === 'automatic' ? 'NodeImage' : (cluster.nodeOsUpgradeChannel ?? 'NodeImage');
  const because = 'so the keeper records and starts nothing.';
  if (cluster.upgradeChannel?.toLowerCase() === 'node-image') {
    return {
      reason: 'autoUpgradeChannelActive',
      sentence: `AKS upgrades this cluster on channel node-image itself, ${because}`,
    };
  }
  switch (channel.toLowerCase()) {
    case 'none':
    case 'unmanaged':
      return undefined;
    case 'securitypatch':
      return pool.osType.toLowerCase() === 'windows'
        ? undefined
        : {
            reason: 'autoUpgradeChannelActive',
            sentence: `AKS patches Linux nodes on channel SecurityPatch itself, ${because}`,
          };
    case 'nodeimage':
      return {
        reason: 'autoUpgradeChannelActive',
        sentence: `AKS upgrades node images on channel NodeImage itself, ${because}`,
      };
    default:
      return {
        reason: 'autoUpgradeChannelActive',
        sentence: `The node OS upgrade channel ${channel} is not known to the keeper; AKS may act on it, ${because}`,
      };
  }
};

const noWindow: Gate = ({ window }) =>
  window.kind === 'none'
    ? {
        reason: 'noWindow',
        sentence: 'The cluster has no aksManagedNodeOSUpgradeSchedule; add one to let the keeper start.',
      }
    : undefined;

const windowUnreadable: Gate = ({ window }) => {
  if (window.kind !== 'unreadable' || window.problems.every((problem) => problem.notAnchored)) return undefined;
  const problems = window.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return { reason: 'windowUnreadable', sentence: `The maintenance window can't be read: ${problems}` };
};

const windowNotAnchored: Gate = ({ window }) => {
  if (window.kind === 'unreadable' && window.problems.every((problem) => problem.notAnchored)) {
    return { reason: 'windowNotAnchored', sentence: window.problems.map(({ message }) => message).join(' ') };
  }
  return window.kind === 'window' && window.window.reading === 'inferred'
    ? {
        reason: 'windowNotAnchored',
        sentence: 'AKS does not document from which day an interval above 1 is counted; use an interval of 1.',
      }
    : undefined;
};

const notAllowedDate: Gate = ({ window }) =>
  window.kind === 'window' && window.at.state === 'blocked'
    ? {
        reason: 'notAllowedDate',
        sentence: 'The window would be open, but today is one of its notAllowedDates.',
        nextEligibleAt: atOpening(window.at.nextOpening),
      }
    : undefined;

const outsideWindow: Gate = ({ window, now }) => {
  if (window.kind !== 'window' || window.at.state === 'blocked') return undefined;
  const { at } = window;
  if (at.state === 'closed') {
    const next = at.nextOpening ? `it next opens at ${at.nextOpening.toString()}` : 'it never opens again';
    return {
      reason: 'outsideWindow',
      sentence: `The window is closed; ${next}.`,
      nextEligibleAt: atOpening(at.nextOpening),
    };
  }
  const earliest = at.openedAt.add({ seconds: edgeSeconds });
  if (Temporal.Instant.compare(now, earliest) < 0) {
    return {
      reason: 'outsideWindow',
      sentence: `The window opened at ${at.openedAt.toString()}; the keeper starts ${edgeSeconds} s after an opening.`,
      nextEligibleAt: earliest,
    };
  }
  const lastSecond = Temporal.Instant.compare(now, at.closesAt.subtract({ seconds: edgeSeconds })) >= 0;
  return lastSecond
    ? {
        reason: 'outsideWindow',
        sentence: `The window closes at ${at.closesAt.toString()}; nothing is started in its last ${edgeSeconds} s.`,
        nextEligibleAt: atOpening(nextOpening(window.window, now)),
      }
    : undefined;
};

const windowClosing: Gate = ({ window, now, estimateMinutes }) => {
  if (window.kind !== 'window' || window.at.state !== 'open') return undefined;
  const { occurrence, openedAt, closesAt } = window.at;
  const next = atOpening(nextOpening(window.window, now));
  if (estimateMinutes > occurrence.opensAt.until(occurrence.closesAt).total('minutes')) {
    const isEarly = Temporal.Instant.compare(now, openedAt.add({ minutes: overrunMinutes })) < 0;
    return isEarly
      ? undefined
      : {
          reason: 'windowClosing',
          sentence: `The roll takes about ${estimateMinutes} minutes, longer than any occurrence, so it starts only in the first ${overrunMinutes} minutes of one.`,
          nextEligibleAt: next,
        };
  }
  const left = now.until(closesAt).total('minutes');
  return left < estimateMinutes
    ? {
        reason: 'windowClosing',
        sentence: `The window closes at ${closesAt.toString()}, in ${Math.floor(left)} minutes; the roll takes about ${estimateMinutes}.`,
        nextEligibleAt: next,
      }
    : undefined;
};

const alreadyStartedThisWindow: Gate = ({ window, head, now }) => {
  const last = head?.lastAttempt;
  if (!last || last.outcome === 'notStarted' || window.kind !== 'window' || window.at.state !== 'open')
    return undefined;
  const { opensAt, closesAt } = window.at.occurrence;
  const overlaps =
    Temporal.Instant.compare(Temporal.Instant.from(last.opensAt), closesAt) < 0 &&
    Temporal.Instant.compare(opensAt, Temporal.Instant.from(last.closesAt)) < 0;
  return overlaps
    ? {
        reason: 'alreadyStartedThisWindow',
        sentence: `Attempt ${last.id} was started in this occurrence and ended ${last.outcome}; the next occurrence may try again.`,
        nextEligibleAt: atOpening(nextOpening(window.window, now)),
      }
    : undefined;
};

const retryLater: Gate = (context) => starterVerdict(context, 'retryLater');

const clockSkew: Gate = ({ facts: { armDate }, now }) => {
  if (!armDate) return undefined;
  if (!armDate.value) return { reason: 'clockSkew', sentence: 'ARM’s answer carries no Date to check the clock by.' };
  const seconds = Math.abs(now.until(armDate.value).total('seconds'));
  return seconds > skewSeconds
    ? {
        reason: 'clockSkew',
        sentence: `The clock is ${Math.round(seconds)} s from ARM's; at most ${skewSeconds} s is trusted.`,
      }
    : undefined;
};

const observeOnly: Gate = ({ policy }) => {
  if (policy.policy.mode === 'enforce') return undefined;
  return {
    reason: 'observeOnly',
    sentence: policy.problem ?? 'The policy’s mode is observe: the keeper records and starts nothing.',
  };
};

/** In the order of `gateOrder`; poolOrder is decided between the pools, in plan. */
export const gates: readonly Gate[] = [
  notSelected,
  readFailed,
  unsupportedPool,
  clusterStopped,
  poolStopped,
  attemptInFlight,
  clusterBusy,
  poolBusy,
  poolFailed,
  imageUnknown,
  imageRetired,
  upToDate,
  rolledBack,
  autoUpgradeChannelActive,
  noWindow,
  windowUnreadable,
  windowNotAnchored,
  notAllowedDate,
  outsideWindow,
  windowClosing,
  alreadyStartedThisWindow,
  retryLater,
  clockSkew,
  observeOnly,
];

function starterVerdict(
  { facts, pool, now }: Pick<PoolContext, 'facts' | 'pool' | 'now'>,
  reason: 'clusterBusy' | 'retryLater',
): Refusal | undefined {
  const verdict = facts.verdicts.find((given) => given.reason === reason && samePool(given.nodePool, pool.name));
  if (!verdict) return undefined;
  const retryAt = Temporal.Instant.from(verdict.retryAt);
  return Temporal.Instant.compare(now, retryAt) < 0
    ? { reason, sentence: verdict.message, nextEligibleAt: retryAt }
    : undefined;
}

/** True unless both are releases of one family and `offered` is not the newer: a change of family is an upgrade. */
function isNewer(offered: string, current: string): boolean {
  if (offered === current) return false;
  const [versionOffered, versionCurrent] = [parseNodeImageVersion(offered), parseNodeImageVersion(current)];
  if (!versionOffered || !versionCurrent) return true;
  return (compareReleases(versionOffered, versionCurrent) ?? 1) > 0;
}

function atOpening(opening: Temporal.Instant | undefined): Temporal.Instant | undefined {
  return opening?.add({ seconds: edgeSeconds });
}
