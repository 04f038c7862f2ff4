// A pool as the terminal view is given it. Shared by the tests of this folder.
import type { ShownPool } from '../../../local/view/viewState.ts';

export const now = new Date('2026-11-21T02:15:30Z');
export const old = 'AKSUbuntu-2204gen2containerd-202510.19.1';
export const latest = 'AKSUbuntu-2204gen2containerd-202511.12.0';
export const id = (name: string) =>
  `/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;

export function pool(
  cluster: string,
  nodePool: string,
  verdict: string,
  reason: string,
  more: Partial<ShownPool> = {},
): ShownPool {
  const decision = { verdict, reason };
  return { cluster: id(cluster), nodePool, current: old, latest, provisioningState: 'Succeeded', decision, ...more };
}
