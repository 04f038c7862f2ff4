// The checker's own word on what a decision's reason asks of people; not a line of it shared with the keeper.

const repairs = new Set(
  `readFailed poolFailed clusterFailed imageUnknown nodesBehind imageRetired noWindow windowUnreadable windowNotAnchored
  estimateUnknown windowTooShort unsoakedFamily preflightFailed clockSkew`.split(/\s+/),
);
const nothing = new Set(['notSelected', 'unsupportedPool', 'upToDate', 'autoUpgradeChannelActive']);

export function verdictOf(reason: string): 'start' | 'blocked' | 'skip' | 'wait' {
  if (reason === 'start') return 'start';
  if (repairs.has(reason)) return 'blocked';
  return nothing.has(reason) ? 'skip' : 'wait';
}
