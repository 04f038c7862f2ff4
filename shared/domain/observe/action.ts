// Evidence as actions: what a person or AKS did to a cluster, and when. Called by attribute.
import type { Actor } from '../ledger/entryParts.ts';
import { byTime } from '../text/stored.ts';
import type { ChangeEvidence, OperationEvidence, ScheduledEvidence } from './changeEvidence.ts';

/** From `from` to `to`: one moment for an operation, a span for AKS's maintenance. Epoch milliseconds. */
export type Action = {
  readonly what: 'upgradeNodeImage' | 'writePool' | 'writeCluster' | 'aksNodeImage' | 'aksKubernetes' | 'aksUpgrade';
  readonly evidence: ChangeEvidence;
  readonly nodePool?: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly began: { readonly from?: number | undefined; readonly by?: number | undefined };
  readonly actor: Actor | undefined;
};

export function actionsOf(evidence: readonly ChangeEvidence[]): readonly Action[] {
  const scheduled = evidence.filter((one) => one.kind === 'scheduled');
  return [
    ...evidence.flatMap((one) => (one.kind === 'operation' ? ofOperation(one) : [])),
    ...[...Map.groupBy(scheduled, ({ eventId }) => eventId).values()].flatMap(ofMaintenance),
  ];
}

const operations = [
  ['upgradeNodeImage', /\/agentPools\/upgradeNodeImageVersion\/(action|write)$/i],
  ['writePool', /\/managedClusters\/agentPools\/write$/i],
  ['writeCluster', /\/managedClusters\/write$/i],
] as const;

function ofOperation(evidence: OperationEvidence): readonly Action[] {
  const { operation, status, nodePool, actor, at } = evidence;
  const [what] = operations.find(([, pattern]) => pattern.test(operation)) ?? [];
  if (!what || status !== 'succeeded' || (what !== 'writeCluster' && !nodePool)) return [];
  const moment = at.epochMilliseconds;
  return [{ what, evidence, nodePool: nodePool || undefined, from: moment, to: moment, began: { by: moment }, actor }];
}

const maintenances: Readonly<Record<string, Action['what']>> = {
  nodeImage: 'aksNodeImage',
  kubernetes: 'aksKubernetes',
  upgrade: 'aksUpgrade',
};

/** The stages of one maintenance as one span. What was only announced, or called off, has rolled nothing. */
function ofMaintenance(stages: readonly ScheduledEvidence[]): readonly Action[] {
  const ordered = stages
    .filter(({ status }) => status === 'started' || status === 'completed' || status === 'failed')
    .toSorted((a, b) => byTime(a.at, b.at));
  const [first, last] = [ordered[0], ordered.at(-1)];
  const kinds = ordered.flatMap(({ about }) => maintenances[about] ?? []);
  const what = kinds.find((kind) => kind !== 'aksUpgrade') ?? kinds[0];
  if (!first || !last || !what) return [];
  const starts = ordered.flatMap(({ status, at, startedAt }) => [
    ...(startedAt ? [startedAt.epochMilliseconds] : []),
    ...(status === 'started' ? [at.epochMilliseconds] : []),
  ]);
  const from = Math.min(first.at.epochMilliseconds, ...starts);
  const to = last.at.epochMilliseconds;
  const evidence = ordered.find(({ details }) => details !== undefined) ?? first;
  const began = { from: starts.length > 0 ? from : undefined, by: last.status === 'started' ? undefined : to };
  return [{ what, evidence, from, to, began, actor: { kind: 'aks', name: 'AKS', correlationId: first.eventId } }];
}
