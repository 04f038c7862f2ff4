// Why no start is awaited on a pool at all: it is not running, or AKS does not upgrade it. Asked by the gates, and by ringState, as
// the rings after it don't wait for such a pool.
import type { PoolFacts } from './poolFacts.ts';
import type { Refusal } from './refusal.ts';
import { starterRefusal } from './starterRefusal.ts';

/** A gate that other rings' pools are judged by too: it needs neither window nor rings. */
type PoolGate = (about: PoolFacts) => Refusal | undefined;

const modes = new Set(['system', 'user', 'gateway']);

const types = new Set(['virtualmachinescalesets', 'virtualmachines']);

// AKS upgrades the node images of scale sets and of Virtual Machines pools only; ARM may leave the type out.
export const unsupportedPool: PoolGate = (context) => {
  const { pool } = context;
  if (pool.mode.toLowerCase() === 'machines') {
    return { sentence: 'AKS manages the nodes of a pool of mode Machines one by one and refuses to upgrade the pool.' };
  }
  if (!modes.has(pool.mode.toLowerCase())) {
    return { sentence: `The pool's mode is ${pool.mode}, which the keeper does not know.` };
  }
  if (pool.type !== undefined && !types.has(pool.type.toLowerCase())) {
    return { sentence: `The pool's type is ${pool.type}, whose node images can't be upgraded in place.` };
  }
  return pool.snapshotId
    ? { sentence: `The pool's image is pinned by its owner to the snapshot ${pool.snapshotId}.` }
    : starterRefusal(context, 'unsupportedPool');
};

export const clusterStopped: PoolGate = ({ facts: { cluster } }) =>
  isRunning(cluster.powerState)
    ? undefined
    : { sentence: `The cluster's power state is ${cluster.powerState}; only a running cluster can be upgraded.` };

export const poolStopped: PoolGate = ({ pool }) =>
  isRunning(pool.powerState)
    ? undefined
    : { sentence: `The pool's power state is ${pool.powerState}; only a running pool can be upgraded.` };

function isRunning(powerState: string): boolean {
  return powerState.toLowerCase() === 'running';
}

/** All of them. */
export const excuses: readonly PoolGate[] = [clusterStopped, poolStopped, unsupportedPool];
