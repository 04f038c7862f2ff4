// All checks of preflight by their names, in the order in which they are reported. Made by judgePreflight.
import type { CheckName } from '../policy/preflightPolicy.ts';
import { idle } from './checkIdle.ts';
import { nodesReady, pendingPods } from './checkNodes.ts';
import { podDisruptionBudgets, singleReplicas } from './checkPods.ts';
import { autoscalerAtMax, scaleSetLimit, singleSystemNode, spot } from './checkPool.ts';
import { quota } from './checkQuota.ts';
import { subnet } from './checkSubnet.ts';
import type { Check } from './finding.ts';

const kubernetesChecks = { podDisruptionBudgets, singleReplicas, nodesReady, pendingPods } as const;

export const checks = {
  idle,
  quota,
  subnet,
  scaleSetLimit,
  autoscalerAtMax,
  spot,
  singleSystemNode,
  ...kubernetesChecks,
} as const satisfies Readonly<Record<CheckName, Check>>;

export const kubernetesCheckNames = Object.keys(kubernetesChecks) as readonly CheckName[];
