// Kinds of pools whose node images AKS does not let anybody upgrade, and which of them AKS keeps itself. Nothing is asked of
// ARM about the upgrades of such a pool. Used by the gates and by whoever reads upgrade profiles.
import type { NodePool } from './cluster.ts';

type Kind = Pick<NodePool, 'mode' | 'type'>;

const modes = new Set(['system', 'user', 'gateway']);
const types = new Set(['virtualmachinescalesets', 'virtualmachines']);

const managed: Readonly<Record<string, string>> = {
  machines: 'AKS manages the nodes of a pool of mode Machines one by one and refuses to upgrade the pool.',
  managedsystem: "A pool of mode ManagedSystem is AKS's own: AKS keeps its image and refuses to upgrade it for others.",
};

export function isManagedByAks({ mode }: Pick<NodePool, 'mode'>): boolean {
  return mode.toLowerCase() in managed;
}

/** Why AKS upgrades no image of such a pool; undefined where it does. ARM may leave the type out. */
export function whyNotUpgradable({ mode, type }: Kind): string | undefined {
  const known = mode.toLowerCase();
  const kept = managed[known];
  if (kept !== undefined) return kept;
  if (!modes.has(known)) return `The pool's mode is ${mode}, which the keeper does not know.`;
  if (type !== undefined && !types.has(type.toLowerCase())) {
    return `The pool's type is ${type}, whose node images can't be upgraded in place.`;
  }
  return undefined;
}
