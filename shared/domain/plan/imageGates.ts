// The gates that look at images: what the pool runs, what ARM would install, and who installs it. Listed in gates.ts.
import { Temporal } from 'temporal-polyfill';
import { whoUpgrades } from '../cluster/whoUpgrades.ts';
import { imageMatcher } from '../image/imagePattern.ts';
import { imageSupport } from '../image/imageSupport.ts';
import { ageInDays, compareReleases, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { isNewerRelease } from '../ledger/stepBack.ts';
import { millisecondsPerDay, parseDay } from '../window/calendarDay.ts';
import type { Gate, PoolContext } from './gate.ts';

export const imageUnknown: Gate = (context) => {
  const current = context.pool.nodeImageVersion;
  if (current === undefined) return { sentence: 'ARM gives no node image version of the pool.' };
  if ('problem' in context.latest) return undefined;
  const latest = latestOf(context);
  if (latest === undefined) return { sentence: 'ARM gives no latest node image of the pool.' };
  // Two texts that are equal need not be understood: the pool is up to date.
  const unreadable = [current, latest].find((text) => !parseNodeImageVersion(text));
  return unreadable === undefined || current === latest
    ? undefined
    : {
        sentence: `"${unreadable}" is not a node image version that the keeper can read, so ${current} and ARM's latest, ${latest}, can't be compared.`,
      };
};

export const nodesBehind: Gate = ({ pool, head }) => {
  if (!head?.nodesBehind) return undefined;
  const { proof, nodes, countedAt } = head.nodesBehind;
  const { total = 0, upToDate = 0 } = nodes;
  const source = proof === 'nodes' ? 'their labels' : 'their scale set instances';
  return {
    sentence: `${total - upToDate} of ${total} nodes run another image than the pool's ${pool.nodeImageVersion}, by ${source} at ${countedAt.toString()}. Nothing is started until they agree; reimage or delete the nodes that stay behind.`,
  };
};

export const imageRetired: Gate = (context) => {
  const current = parseNodeImageVersion(context.pool.nodeImageVersion ?? '');
  const latest = latestOf(context);
  if (!current || 'problem' in context.latest) return undefined;
  if (latest !== undefined && isUpgrade(current.raw, latest)) return undefined;
  const support = imageSupport(current, context.now);
  return support.status === 'retired'
    ? { sentence: `${current.family} gets no newer image than ${current.raw}. ${support.reason}` }
    : undefined;
};

export const upToDate: Gate = (context) => {
  const current = context.pool.nodeImageVersion;
  const latest = latestOf(context);
  if (current === undefined || latest === undefined || isUpgrade(current, latest)) return undefined;
  return current === latest
    ? { sentence: `The pool runs the latest image, ${current}.` }
    : { sentence: `ARM's latest, ${latest}, is not newer than the pool's ${current}.` };
};

export const imageBlocked: Gate = (context) => {
  const offered = offeredOf(context);
  const block = context.policy.policy.images?.block ?? [];
  const pattern = offered === undefined ? undefined : block.find(imageMatcher(offered));
  return pattern === undefined
    ? undefined
    : {
        sentence: `ARM's latest, ${offered}, is on the policy's block list (images.block: "${pattern}"). The keeper waits for another, or for the policy to let this one pass.`,
      };
};

export const imageTooYoung: Gate = (context) => {
  const version = parseNodeImageVersion(offeredOf(context) ?? '');
  const days = context.policy.policy.images?.minimumAgeDays ?? 0;
  if (!version || ageInDays(version, context.now) >= days) return undefined;
  const oldEnough = ((parseDay(version.releaseDate) ?? 0) + days) * millisecondsPerDay;
  return {
    sentence: `ARM's latest, ${version.raw}, was released on ${version.releaseDate}, ${ageInDays(version, context.now)} days ago; the policy asks for ${days} days (images.minimumAgeDays).`,
    nextEligibleAt: Temporal.Instant.fromEpochMilliseconds(oldEnough),
  };
};

export const rolledBack: Gate = (context) => {
  const left = context.head?.rolledBackFrom;
  const latest = latestOf(context);
  if (left === undefined || latest === undefined) return undefined;
  const isNewer = isNewerRelease(latest, left);
  if (isNewer) return undefined;
  const version = parseNodeImageVersion(left);
  if (!version) {
    return {
      sentence: `The pool was rolled back from ${left}, whose release the keeper can't read, so nobody can tell whether ARM's latest, ${latest}, is newer. The keeper waits until somebody upgrades the pool by hand.`,
    };
  }
  const why = isNewer === undefined ? "can't be compared with it" : 'is no newer release';
  return {
    sentence: `The pool was rolled back from ${left}, and ARM's latest, ${latest}, ${why}. The keeper waits for a release newer than ${version.release} of ${version.releaseDate}, in whatever image family ARM offers it, or for somebody to upgrade the pool by hand.`,
  };
};

export const autoUpgradeChannelActive: Gate = ({ facts: { cluster }, pool }) => {
  const actor = whoUpgrades(cluster, pool);
  return actor === undefined ? undefined : { sentence: `${actor}; the keeper only records what happens.` };
};

function latestOf({ latest }: PoolContext): string | undefined {
  return 'problem' in latest ? undefined : latest.value;
}

/** What ARM would install, where that is an upgrade. Called by the gates of rings too. */
export function offeredOf(context: PoolContext): string | undefined {
  const latest = latestOf(context);
  const current = context.pool.nodeImageVersion;
  return latest !== undefined && current !== undefined && isUpgrade(current, latest) ? latest : undefined;
}

/** False when both are of one family and `latest` is not the newer: frozen lines offer older ones. A change of family is an upgrade. */
function isUpgrade(current: string, latest: string): boolean {
  if (current === latest) return false;
  const [versionCurrent, versionLatest] = [parseNodeImageVersion(current), parseNodeImageVersion(latest)];
  if (!versionCurrent || !versionLatest) return true;
  return (compareReleases(versionLatest, versionCurrent) ?? 1) > 0;
}
