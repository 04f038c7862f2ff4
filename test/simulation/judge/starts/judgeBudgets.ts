// Judges a request by what its invocation had read of PodDisruptionBudgets: where the policy lets the Kubernetes API be asked,
// nothing is started on a pool whose pods may not be evicted, or of which that is not known. Called by judgePosts.ts.
import type { Invocation, Wrong } from '../../record/record.ts';
import { blocksUnread, type PolicyRead } from '../own/judgePolicy.ts';

type Named = { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
type Item = {
  readonly metadata: Named;
  readonly spec: {
    readonly nodeName?: string;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  };
  readonly status: { readonly disruptionsAllowed?: number };
};

export function judgeBudgets(
  invocation: Invocation,
  pool: { readonly name: string },
  policy: PolicyRead | undefined,
  wrong: Wrong,
): void {
  const { podDisruptionBudgets = 'block' } = policy?.preflight ?? {};
  if (policy?.kubernetes?.enabled !== true || podDisruptionBudgets !== 'block') return;
  const [nodes, pods, budgets] = ['/api/v1/nodes', '/api/v1/pods', '/apis/policy/v1/poddisruptionbudgets'].map((path) =>
    listed(invocation, path),
  );
  if (!nodes || !pods || !budgets) {
    if (blocksUnread(policy)) wrong('preflight', 'PodDisruptionBudgets were not read, and the policy blocks on them');
    return;
  }
  const pooled = nodes.filter(({ metadata }) => metadata.labels?.['kubernetes.azure.com/agentpool'] === pool.name);
  const evicted = pods.filter(({ spec }) => pooled.some(({ metadata }) => metadata.name === spec.nodeName));
  for (const { metadata, spec, status } of budgets) {
    const labels = Object.entries(spec.selector?.matchLabels ?? {});
    const kept = evicted.find(
      (pod) =>
        pod.metadata.namespace === metadata.namespace &&
        labels.every(([label, value]) => pod.metadata.labels?.[label] === value),
    );
    if (status.disruptionsAllowed === 0 && kept) {
      wrong('preflight', `${metadata.namespace}/${metadata.name} does not let ${kept.metadata.name} be evicted`);
    }
  }
}

/** Undefined: its last answer was none. */
function listed({ reads }: Invocation, path: string): readonly Item[] | undefined {
  const read = reads.findLast((one) => one.path.startsWith('/kubernetes/') && one.path.endsWith(path));
  return read?.status === 200 ? (JSON.parse(read.body) as { readonly items: readonly Item[] }).items : undefined;
}
