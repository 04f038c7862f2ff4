// The preflight report on one pool. Called by runPreflight right before a start, and by reportPreflight when somebody asks.
import { type CheckName, type Effect, effectOf, type PreflightPolicy } from '../policy/preflightPolicy.ts';
import { checks, kubernetesCheckNames } from './checks.ts';
import { type Finding, notRun } from './finding.ts';
import type { PreflightFacts } from './preflightFacts.ts';

type CheckResult = Finding & {
  readonly check: CheckName;
  readonly effect: Exclude<Effect, 'off'>;
  readonly blocks: boolean;
};

export type PreflightReport = ReturnType<typeof judgePreflight>;

export function judgePreflight(facts: PreflightFacts | { readonly unread: string }, policy?: PreflightPolicy) {
  const hasKubernetes = !('unread' in facts) && facts.reads.kubernetes !== undefined;
  const names = (Object.keys(checks) as CheckName[]).filter(
    (name) => hasKubernetes || !kubernetesCheckNames.includes(name),
  );
  const results = names.flatMap((check): readonly CheckResult[] => {
    const effect = effectOf(policy, check);
    if (effect === 'off') return [];
    const finding = 'unread' in facts ? notRun(facts.unread) : checks[check](facts);
    // A check that could not be made counts as failed, unless the policy says otherwise.
    const stops = finding.result === 'failed' || (finding.result === 'notRun' && policy?.notRun !== 'warn');
    return [{ check, effect, ...finding, blocks: effect === 'block' && stops }];
  });
  return {
    /** By preflight alone: windows, images, holds and all else are the planner's. */
    wouldStart: !results.some(({ blocks }) => blocks),
    checks: results,
    off: names.filter((check) => effectOf(policy, check) === 'off'),
  };
}

export function refusalOf({ checks }: PreflightReport): string | undefined {
  const sentences = checks
    .filter(({ blocks }) => blocks)
    .map(
      (one) => `Preflight, check ${one.check}${one.result === 'notRun' ? ' could not be made' : ''}: ${one.sentence}`,
    );
  return sentences.join(' ') || undefined;
}
