// Which of a cluster's windows a roll is held against. Called by endOfRoll.
import type { Cluster } from '../cluster/cluster.ts';
import { aksUpgradesKubernetes } from '../cluster/whoUpgrades.ts';
import { type JudgedWindow, windowNames } from '../ledger/entryParts.ts';
import { type Judgement, judgeStart, type Start, type WindowReading } from '../ledger/judgeStart.ts';

/** `maybe`: what rolled the pool may have been an upgrade of Kubernetes, and nothing shows it yet. */
export type OfKubernetes = boolean | 'maybe';

/**
 * The window of node images; for a Kubernetes upgrade also that in which AKS makes them, where the cluster's channel lets it:
 * one that began in either is inside, and the row says in which.
 */
export function judgeRoll(
  start: Start,
  ofKubernetes: OfKubernetes,
  cluster: Cluster | undefined,
  reading: WindowReading | undefined,
): Judgement & { readonly kubernetesWindow?: JudgedWindow | undefined } {
  const own = judgeStart(start, reading);
  const hasOther = cluster && aksUpgradesKubernetes(cluster) && reading?.kubernetesWindow !== undefined;
  if (!hasOther || ofKubernetes === false) return own;
  const other = judgeStart(start, reading, windowNames.kubernetes);
  if (ofKubernetes === true) {
    const both = [other, own];
    return both.find((one) => one.inWindow === true) ?? both.find((one) => one.inWindow === 'unknown') ?? other;
  }
  // Outside of the one and not of the other: who did it decides, see attribute.
  const isOpen = own.inWindow === false && other.inWindow !== false;
  return isOpen ? { ...own, inWindow: 'unknown', kubernetesWindow: other.window } : own;
}
