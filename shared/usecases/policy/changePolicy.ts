// Puts a policy in force as a new version, or says why not and leaves the old one. Called by putPolicy, a dry run included.
import { createHash } from 'node:crypto';
import { parsePolicy } from '../../domain/policy/policy.ts';
import type { CurrentPolicy } from '../../stores/policy/policyInForce.ts';
import type { PolicyVersion } from '../../stores/policy/policyRows.ts';
import { longestPolicy, nextVersion, readCurrentPolicy, replacePolicy } from '../../stores/policyStore.ts';
import type { Dependencies } from '../dependencies.ts';

/** What the caller takes to be in force: the entity tags of If-Match, `*` for any, or nothing at all. */
export type Precondition =
  | { readonly kind: 'anyOf'; readonly tags: readonly string[] }
  | { readonly kind: 'any' }
  | { readonly kind: 'none' };

type Change = Omit<PolicyVersion, 'version' | 'at'>;

/** Whether a change can be made, and what it would store. @param precondition undefined: whatever is in force */
export async function checkChange(
  { tables, clock }: Pick<Dependencies, 'tables' | 'clock'>,
  { policy, reason, author, commit }: Change,
  precondition: Precondition | undefined,
) {
  const parsed = parsePolicy(policy);
  if (!parsed.ok) return { kind: 'invalid', problems: parsed.problems } as const;
  const current = await readCurrentPolicy(tables);
  if (precondition && !holds(precondition, current)) return staleBy(current);
  const stored: PolicyVersion = {
    version: await nextVersion(tables, current),
    policy: parsed.policy,
    author,
    at: clock.now().toString(),
    reason,
    commit,
  };
  const characters = JSON.stringify(stored).length;
  if (characters > longestPolicy) return { kind: 'tooLarge', characters } as const;
  return { kind: 'fits', policy: parsed.policy, stored, current } as const;
}

/** Another policy is in force than the caller took to be. */
const staleBy = (current: CurrentPolicy | undefined) => ({ kind: 'stale', version: current?.stored.version }) as const;

type Changed =
  | Exclude<Awaited<ReturnType<typeof checkChange>>, { readonly kind: 'fits' }>
  | {
      readonly kind: 'written';
      readonly created: boolean;
      readonly stored: PolicyVersion;
      readonly tag?: string | undefined;
    };

export async function changePolicy(
  { tables, clock, log }: Pick<Dependencies, 'tables' | 'clock' | 'log'>,
  change: Change,
  precondition: Precondition,
): Promise<Changed> {
  const checked = await checkChange({ tables, clock }, change, precondition);
  if (checked.kind !== 'fits') return checked;
  const { stored, current } = checked;
  if (!(await replacePolicy(tables, current, stored))) {
    const now = await readCurrentPolicy(tables);
    // What is in force was kept as a version meanwhile, and is the same.
    const isKeptNow = current?.isKept === false && now?.isKept && now.etag === current.etag;
    return isKeptNow ? changePolicy({ tables, clock, log }, change, precondition) : staleBy(current);
  }
  const written = await readCurrentPolicy(tables);
  log.info(`Policy version ${stored.version} is in force, set by ${stored.author}: ${stored.reason}`);
  // Undefined where another policy has replaced it already, which the caller has not seen.
  const tag = written?.stored.version === stored.version ? tagOf(written) : undefined;
  return { kind: 'written', created: current === undefined, stored, tag } as const;
}

/** The entity tag of what is in force: it changes with every write, one by hand included. */
export function tagOf({ etag }: CurrentPolicy): string {
  return `"${createHash('sha256').update(etag).digest('hex').slice(0, 32)}"`;
}

function holds(precondition: Precondition, current: CurrentPolicy | undefined): boolean {
  if (precondition.kind === 'none') return current === undefined;
  if (!current) return false;
  return precondition.kind === 'any' || precondition.tags.includes(tagOf(current));
}
