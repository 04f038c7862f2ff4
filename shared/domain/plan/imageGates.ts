// The gates that look at images: what the pool runs, what ARM would install, and who installs it.
import { Temporal } from 'temporal-polyfill';
import { isTerminal, samePool } from '../cluster/cluster.ts';
import { whoUpgrades } from '../cluster/whoUpgrades.ts';
import { upgradeByHand } from '../failure/azCommands.ts';
import { imageMatcher } from '../image/imagePattern.ts';
import { imageSupport } from '../image/imageSupport.ts';
import { ageInDays, isNewer, isOrdered, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import { isNewerRelease } from '../ledger/stepBack.ts';
import { valueIn } from '../text/read.ts';
import { millisecondsPerDay, parseDay } from '../window/calendarDay.ts';
import { type Gate, offeredOf, type PoolContext } from './gate.ts';

export const imageUnknown: Gate = (context) => {
  const { pool, latest: read } = context;
  if (isRolling(context)) return undefined;
  const current = pool.nodeImageVersion;
  if (current === undefined) return 'ARM gives no node image version of the pool.';
  if ('problem' in read) return undefined;
  const latest = read.value;
  if (latest === undefined) return 'ARM gives no latest node image of the pool.';
  // Two texts that are equal need not be understood: the pool is up to date.
  if (isNewer(latest, current) !== undefined) return undefined;
  const unreadable = [current, latest].find((text) => !parseNodeImageVersion(text));
  const why =
    unreadable === undefined
      ? 'An image without a definition says nothing of its family'
      : `"${unreadable}" is not a node image version that the keeper can read`;
  return `${why}, so ${current} and ARM's latest, ${latest}, can't be compared. Upgrade the node image by hand if it is to be: ${upgradeByHand({ cluster: context.facts.cluster.id, nodePool: pool.name })}.`;
};

/** Until its operation has ended a pool may show no image, or one that its nodes do not run yet; poolBusy or attemptInFlight refuse. */
function isRolling({ facts: { attempt }, pool }: PoolContext): boolean {
  return !isTerminal(pool.provisioningState) || (attempt !== undefined && samePool(attempt.nodePool, pool.name));
}

export const nodesBehind: Gate = ({ pool, head }) => {
  if (!head?.nodesBehind) return undefined;
  const { proof, nodes, countedAt } = head.nodesBehind;
  const { total = 0, upToDate = 0 } = nodes;
  const source = proof === 'nodes' ? 'their labels' : 'their scale set instances';
  return `${total - upToDate} of ${total} nodes run another image than the pool's ${pool.nodeImageVersion}, by ${source} at ${countedAt.toString()}. Nothing is started until they agree; reimage or delete the nodes that stay behind.`;
};

export const imageRetired: Gate = (context) => {
  const current = parseNodeImageVersion(context.pool.nodeImageVersion ?? '');
  if (!current || 'problem' in context.latest || offeredOf(context) !== undefined) return undefined;
  const support = imageSupport(current, context.now);
  return support.status === 'retired'
    ? `${current.family} gets no newer image than ${current.raw}. ${support.reason}`
    : undefined;
};

export const upToDate: Gate = (context) => {
  const current = context.pool.nodeImageVersion;
  const latest = valueIn(context.latest);
  if (isRolling(context) || isNewer(latest, current) !== false) return undefined;
  return current === latest
    ? `The pool runs the latest image, ${current}.`
    : `ARM's latest, ${latest}, is not newer than the pool's ${current}.`;
};

export const imageBlocked: Gate = (context) => {
  const { block = [] } = context.policy.policy.images ?? {};
  const offered = block.length === 0 ? undefined : offeredOf(context);
  const pattern = offered === undefined ? undefined : block.find(imageMatcher(offered));
  return pattern === undefined
    ? undefined
    : `ARM's latest, ${offered}, is on the policy's block list (images.block: "${pattern}"). The keeper waits for another, or for the policy to let this one pass.`;
};

export const imageTooYoung: Gate = (context) => {
  const version = parseNodeImageVersion(offeredOf(context) ?? '');
  const days = context.policy.policy.images?.minimumAgeDays ?? 0;
  if (!version || ageInDays(version, context.now) >= days) return undefined;
  const oldEnough = ((parseDay(version.releaseDate) ?? 0) + days) * millisecondsPerDay;
  const sentence = `ARM's latest, ${version.raw}, was released on ${version.releaseDate}, ${ageInDays(version, context.now)} days ago; the policy asks for ${days} days (images.minimumAgeDays).`;
  return { sentence, nextEligibleAt: Temporal.Instant.fromEpochMilliseconds(oldEnough) };
};

export const rolledBack: Gate = (context) => {
  const { rolledBackFrom: left, isStepBackUnknown } = context.head ?? {};
  const latest = valueIn(context.latest);
  if (left === undefined || latest === undefined) return undefined;
  const newer = isNewerRelease(latest, left);
  if (newer) return undefined;
  const version = parseNodeImageVersion(left);
  const what = isStepBackUnknown
    ? `The pool may have been rolled back from ${left}: neither Kubernetes versions nor what it ran before tell`
    : `The pool was rolled back from ${left}`;
  if (!version || !isOrdered(version)) {
    return `${what}, whose release the keeper can't read, so nobody can tell whether ARM's latest, ${latest}, is newer. The keeper waits until somebody upgrades the pool by hand.`;
  }
  const why = newer === undefined ? "can't be compared with it" : 'is no newer release';
  return `${what}, and ARM's latest, ${latest}, ${why}. The keeper waits for a release newer than ${version.release} of ${version.releaseDate}, in whatever image family ARM offers it, or for somebody to upgrade the pool by hand.`;
};

export const autoUpgradeChannelActive: Gate = ({ facts: { cluster }, pool }) => {
  const actor = whoUpgrades(cluster, pool);
  return actor === undefined ? undefined : `${actor}; the keeper only records what happens.`;
};
