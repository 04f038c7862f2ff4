// All checks of preflight by their names, in the order in which they are reported. Made by judgePreflight; what they are on
// the Kubernetes side would stand here too.

import { idle } from './checkIdle.ts';
import { autoscalerAtMax, scaleSetLimit, singleSystemNode, spot } from './checkPool.ts';
import { quota } from './checkQuota.ts';
import { subnet } from './checkSubnet.ts';

export const checks = { idle, quota, subnet, scaleSetLimit, autoscalerAtMax, spot, singleSystemNode } as const;

export type CheckName = keyof typeof checks;
