// The checker's own reading of a policy: what it lets be started, and which ring a pool is in. Called by the judges.
import { fits } from './globs.ts';

type Selector = {
  readonly subscription?: string;
  readonly resourceGroup?: string;
  readonly cluster?: string;
  readonly nodePool?: string;
  readonly tags?: Record<string, string>;
};

export type RingDocument = {
  readonly name: string;
  readonly selectors: readonly Selector[];
  readonly ringSoakHours?: number;
  readonly concurrency?: number;
  readonly mode?: string;
  readonly approval?: boolean;
  readonly unsoakedFamily?: string;
};

/** Nothing is started where the PodDisruptionBudgets can't be read. */
export function blocksUnread(policy: PolicyRead | undefined): boolean {
  const { podDisruptionBudgets = 'block', notRun = 'block' } = policy?.preflight ?? {};
  return policy?.kubernetes?.enabled === true && podDisruptionBudgets === 'block' && notRun === 'block';
}

/** A valid policy, as it was stored. */
export type PolicyRead = {
  readonly author: string | undefined;
  readonly mode: string;
  readonly selectors?: readonly Selector[];
  readonly rings?: readonly RingDocument[];
  readonly approvals?: { readonly byOthers?: boolean };
  readonly failureLimit?: { readonly pools: number; readonly hold: string };
  readonly images?: { readonly minimumAgeDays?: number; readonly block?: readonly string[] };
  readonly freezes?: readonly { readonly from: string; readonly until: string; readonly timeZone: string }[];
  readonly estimate?: { readonly minutesPerBatch?: number };
  readonly overrun?: string;
  readonly trustIntervals?: boolean;
  readonly kubernetes?: { readonly enabled: boolean };
  readonly preflight?: { readonly podDisruptionBudgets?: string; readonly notRun?: string };
};

/** The row `current` of the table: a version with its author, or a document by hand. Undefined: none that is valid. */
export function readPolicyRow(value: unknown): PolicyRead | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { policy, author } = value as { readonly policy?: unknown; readonly author?: string };
  const document = (policy === undefined ? value : policy) as Omit<PolicyRead, 'author'>;
  const isMode = document.mode === 'enforce' || document.mode === 'observe';
  if (!isMode || document.rings?.length === 0) return undefined;
  if (document.failureLimit?.hold === 'ring' && !document.rings) return undefined;
  return { ...document, author: policy === undefined ? undefined : author };
}

/** A pool by what selectors ask for. */
export type Member = { readonly clusterKey: string; readonly nodePool: string; readonly tags: Record<string, string> };

/** True when this policy is about a cluster at all. */
export function selectsCluster({ selectors = [{}] }: PolicyRead, member: Omit<Member, 'nodePool'>): boolean {
  return selectors.some((selector) => meets(selector, { ...member, nodePool: '' }));
}

/** The index of the pool's ring; -1: none, or the policy is not about its cluster. */
export function ringIndex(policy: PolicyRead, member: Member): number {
  if (!selectsCluster(policy, member)) return -1;
  return (policy.rings ?? []).findLastIndex(({ selectors }) => selectors.some((selector) => meets(selector, member)));
}

function meets(selector: Selector, { clusterKey, nodePool, tags }: Member): boolean {
  const [subscription = '', group = '', name = ''] = clusterKey.split('|');
  return (
    fits(selector.subscription, subscription) &&
    fits(selector.resourceGroup, group) &&
    fits(selector.cluster, name) &&
    (nodePool === '' || fits(selector.nodePool, nodePool)) &&
    Object.entries(selector.tags ?? {}).every(([tag, value]) => tags[tag] === value)
  );
}
