// What each check of preflight does to a start: the part `preflight` of the policy. Read by judgePreflight.
import type { z } from 'zod';
import { fields } from '../text/fieldProblems.ts';
import { oneOf } from './fieldKinds.ts';

/** `warn`: the check only reports. `off`: nothing is read for it. */
export type Effect = 'block' | 'warn' | 'off';

const defaults = {
  idle: 'warn',
  quota: 'block',
  subnet: 'block',
  scaleSetLimit: 'block',
  autoscalerAtMax: 'warn',
  spot: 'warn',
  singleSystemNode: 'warn',
  podDisruptionBudgets: 'block',
  singleReplicas: 'warn',
  nodesReady: 'warn',
  pendingPods: 'warn',
} as const satisfies Readonly<Record<string, Effect>>;

export type CheckName = keyof typeof defaults;

const effect = (check: CheckName, description: string) =>
  oneOf('block', 'warn', 'off')
    .optional()
    .meta({ description: `${description} Without this field: ${defaults[check]}.` });

const needsKubernetes = 'Made where the policy enables the Kubernetes API.';

export const PreflightPolicy = fields({
  idle: effect('idle', 'The cluster and its pools are idle and healthy; the planner refuses a busy one anyway.'),
  quota: effect('quota', 'The surge nodes fit the vCPU quotas of the VM family and of the region.'),
  subnet: effect('subnet', 'The surge nodes and their pods find addresses in their subnets.'),
  scaleSetLimit: effect('scaleSetLimit', 'The pool and its surge nodes fit one scale set.'),
  autoscalerAtMax: effect('autoscalerAtMax', 'The autoscaler is on, and the pool has room below its maximum.'),
  spot: effect('spot', 'The pool is not a spot pool, whose surge nodes may not come.'),
  singleSystemNode: effect('singleSystemNode', 'The pool is not a system pool of a single node.'),
  podDisruptionBudgets: effect(
    'podDisruptionBudgets',
    `No PodDisruptionBudget keeps pods on the pool from being evicted. ${needsKubernetes}`,
  ),
  singleReplicas: effect('singleReplicas', `No workload has its only replica on the pool. ${needsKubernetes}`),
  nodesReady: effect('nodesReady', `The nodes of the pool are Ready, and none is cordoned. ${needsKubernetes}`),
  pendingPods: effect('pendingPods', `No pod of the cluster waits for a node. ${needsKubernetes}`),
  notRun: oneOf('block', 'warn').optional().meta({
    description:
      'What a check that blocks does when it could not be made, for want of a permission or an answer. Without this field: block.',
  }),
}).meta({ description: 'What is checked right before a start, and what each check does: block, warn or off.' });
export type PreflightPolicy = z.infer<typeof PreflightPolicy>;

export function effectOf(policy: PreflightPolicy | undefined, check: CheckName): Effect {
  return policy?.[check] ?? defaults[check];
}
