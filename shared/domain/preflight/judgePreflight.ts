// The report of preflight on one pool: every check that the policy wants, what each found, and whether they let a start pass.
// Called by runPreflight right before a start, and by reportPreflight when somebody asks.
import { type CheckName, type Effect, effectOf, type PreflightPolicy } from '../policy/preflightPolicy.ts';
import { checks, kubernetesCheckNames } from './checks.ts';
import type { Finding } from './finding.ts';
import type { PreflightFacts } from './preflightFacts.ts';

type CheckResult = Finding & {
  readonly check: CheckName;
  /** What the policy says that it does. */
  readonly effect: Exclude<Effect, 'off'>;
  /** True where it keeps the pool from being started. */
  readonly blocks: boolean;
};

export type PreflightReport = {
  /** By preflight alone: windows, images, holds and all else are the planner's. */
  readonly wouldStart: boolean;
  readonly checks: readonly CheckResult[];
  /** The checks that the policy does not want. */
  readonly off: readonly CheckName[];
};

/** `unread`: why nothing at all could be read of the cluster; then no check is made. */
export function judgePreflight(
  facts: PreflightFacts | { readonly unread: string },
  policy: PreflightPolicy | undefined,
): PreflightReport {
  const hasKubernetes = !('unread' in facts) && facts.reads.kubernetes !== undefined;
  const names = (Object.keys(checks) as CheckName[]).filter(
    (name) => hasKubernetes || !kubernetesCheckNames.includes(name),
  );
  const results = names.flatMap((check): readonly CheckResult[] => {
    const effect = effectOf(policy, check);
    if (effect === 'off') return [];
    const finding: Finding =
      'unread' in facts ? { result: 'notRun', sentence: facts.unread, facts: {} } : checks[check](facts);
    return [{ check, effect, ...finding, blocks: effect === 'block' && stops(finding, policy) }];
  });
  return {
    wouldStart: !results.some(({ blocks }) => blocks),
    checks: results,
    off: names.filter((check) => effectOf(policy, check) === 'off'),
  };
}

/** A check that could not be made counts as failed, unless the policy says otherwise. */
function stops({ result }: Finding, policy: PreflightPolicy | undefined): boolean {
  return result === 'failed' || (result === 'notRun' && (policy?.notRun ?? 'block') === 'block');
}

/** Why preflight keeps the pool from being started, in plain words; undefined when it does not. */
export function refusalOf({ checks }: PreflightReport): string | undefined {
  const blocking = checks.filter(({ blocks }) => blocks);
  if (blocking.length === 0) return undefined;
  return blocking
    .map(({ check, result, sentence }) => {
      const what = result === 'notRun' ? `check ${check} could not be made` : `check ${check}`;
      return `Preflight, ${what}: ${sentence}`;
    })
    .join(' ');
}
