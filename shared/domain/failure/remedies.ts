// What to do about each class of failure, with the facts that the error names. Called by explainFailure.
import { type PoolName, upgradeByHand } from './azCommands.ts';
import type { FailureClass } from './failure.ts';
import { factIn } from './lookInside.ts';
import { allocation, quota, skuNotAvailable, subnetFull } from './remediesForCapacity.ts';
import { nodesNotJoined } from './remedyForBootstrap.ts';
import { podDrain } from './remedyForDrain.ts';

export type Remedy = (text: string, code: string, pool: PoolName) => string;

export const remedies: Readonly<Record<FailureClass, Remedy>> = {
  podDrain,
  quota,
  subnetFull,
  skuNotAvailable,
  allocation,
  policyDenied: (text) => {
    const name = factIn(text, /"policyAssignment":\s?\{"name":\s?"([^"]{1,200})"/);
    const id = factIn(text, /"policyAssignment":\s?\{[^}]{0,400}?"id":\s?"([^"]{1,400})"/);
    const which = name ? `assignment "${name}"${id ? ` (${id})` : ''}` : 'an assignment that the message names';
    return `Azure Policy denies what AKS has to create, by ${which}: exempt the cluster's node resource group, or make its resources comply.`;
  },
  scopeLocked: (text) => {
    const scope = factIn(text, /scope\(s\) are locked: '([^']{1,800})'/i);
    return `Remove the lock on ${scope ?? 'the scope that the message names'}: AKS writes there in every upgrade.`;
  },
  throttled: (text) => {
    const seconds = factIn(text, /again (?:in|after) '?(\d{1,6})'? seconds/i);
    const asked = seconds ? ` (ARM asks for ${seconds} s)` : '';
    return `Too many requests in this subscription and region${asked}: find who else calls AKS often, and set the windows of the clusters apart.`;
  },
  preempted: (text) => {
    const id = factIn(text, /operation (?:with ID )?([\da-f]{8}-[\da-f-]{27})/i);
    const other = id ? `operation ${id}` : 'another operation, or by somebody who stopped it';
    return `The roll was ended by ${other}: see the activity log of the cluster for who did it, and keep that out of the window.`;
  },
  otherOperation: (text) => {
    const other = factIn(text, /another (?:\w{1,20} )?operation \(([^)]{1,120})\)/i);
    const which = other ? `The operation "${other}" is under way` : 'Another operation is under way in the cluster';
    return `${which}: let it end, or abort it if it hangs (az aks nodepool operation-abort, az aks operation-abort).`;
  },
  unsupportedPool: () =>
    'AKS upgrades no image of this pool as a whole: leave it out with a selector of the policy, and see with az aks nodepool show what it is.',
  imageRetired: (text) => {
    const image = factIn(text, /image '([^']{1,200})'/i);
    return `${image ? `Azure has no image ${image} any more` : 'Azure does not have the image any more'}: move the pool to a supported OS version (osSKU) or Kubernetes version.`;
  },
  imageTooOld: (_text, _code, pool) =>
    `The pool's image is too old for what AKS now puts on nodes, so every other operation on the pool fails: upgrade its node image alone, by hand, which replaces its nodes at once: ${upgradeByHand(pool)}.`,
  nodesNotJoined,
  nodesBehind: (text) =>
    `${text ? withoutEnd(text) : 'Nodes run another image than their pool names'}: reimage or delete the nodes that are behind, or upgrade the pool's image again.`,
  unknown: (_text, code) =>
    `No remedy is known${code ? ` for ${code.slice(0, 100)}` : ''}: read the message, and the cluster's activity log at that time.`,
};

function withoutEnd(text: string): string {
  return text.slice(0, 300).replace(/[.:]$/, '');
}
