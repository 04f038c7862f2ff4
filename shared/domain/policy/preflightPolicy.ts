// What each check of preflight does to a start: the part `preflight` of the policy. Read by judgePreflight.
import type { z } from 'zod';
import { fields } from '../text/fieldProblems.ts';
import { oneOf } from './fieldKinds.ts';

/** `warn`: the check only reports. `off`: nothing is read for it. */
export type Effect = 'block' | 'warn' | 'off';

const needsKubernetes = 'Made where the policy enables the Kubernetes API.';

const checks = {
  idle: ['warn', 'The cluster and its pools are idle and healthy; the planner refuses a busy one anyway.'],
  quota: ['block', 'The surge nodes fit the vCPU quotas of the VM family and of the region.'],
  subnet: ['block', 'The surge nodes and their pods find addresses in their subnets.'],
  scaleSetLimit: ['block', 'The pool and its surge nodes fit one scale set.'],
  autoscalerAtMax: ['warn', 'The autoscaler is on, and the pool has room below its maximum.'],
  spot: ['warn', 'The pool is not a spot pool, whose surge nodes may not come.'],
  singleSystemNode: ['warn', 'The pool is not a system pool of a single node.'],
  podDisruptionBudgets: [
    'block',
    `No PodDisruptionBudget keeps pods on the pool from being evicted. ${needsKubernetes}`,
  ],
  singleReplicas: ['warn', `No workload has its only replica on the pool. ${needsKubernetes}`],
  nodesReady: ['warn', `The nodes of the pool are Ready, and none is cordoned. ${needsKubernetes}`],
  pendingPods: ['warn', `No pod of the cluster waits for a node. ${needsKubernetes}`],
} as const satisfies Readonly<Record<string, readonly [Effect, string]>>;

export type CheckName = keyof typeof checks;

const effect = ([usual, description]: readonly [Effect, string]) =>
  oneOf('block', 'warn', 'off').optional().describe(`${description} Without this field: ${usual}.`);

const effects = Object.fromEntries(Object.entries(checks).map(([check, about]) => [check, effect(about)])) as Readonly<
  Record<CheckName, ReturnType<typeof effect>>
>;

export const PreflightPolicy = fields({
  ...effects,
  notRun: oneOf('block', 'warn')
    .optional()
    .describe(
      'What a check that blocks does when it could not be made, for want of a permission or an answer. Without this field: block.',
    ),
}).describe('What is checked right before a start, and what each check does: block, warn or off.');
export type PreflightPolicy = z.infer<typeof PreflightPolicy>;

export function effectOf(policy: PreflightPolicy | undefined, check: CheckName): Effect {
  return policy?.[check] ?? checks[check][0];
}
