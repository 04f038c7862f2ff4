// Which of the machines that ARM or Kubernetes shows are a pool's nodes: scaleDownMode Deallocate keeps those that a scale-down
// took away, deallocated and on the image that they ran. Called by countNodes, progress and checkNodes.
import type { NodePool } from '../cluster/cluster.ts';
import type { KubernetesNode } from './kubernetesObjects.ts';
import type { NodeInstance } from './nodeInstance.ts';

export type PoolSize = Pick<NodePool, 'count' | 'scaleDownMode'>;

/** ARM's default is Delete. A mode that nobody knows may keep machines too. */
export function keepsMachines({ scaleDownMode = 'Delete' }: PoolSize): boolean {
  return scaleDownMode.toLowerCase() !== 'delete';
}

/** Whether the machine runs; undefined where nobody can tell, or it is about to change. */
type IsOn<T> = (machine: T) => boolean | undefined;

export const isInstanceOn: IsOn<NodeInstance> = ({ powerState }) => {
  if (powerState === 'deallocated') return false;
  return powerState === undefined || ['unknown', 'stopping', 'deallocating'].includes(powerState) ? undefined : true;
};

/** A node that is not Ready may be shut down, before its taint says so. */
export const isNodeOn: IsOn<KubernetesNode> = ({ isReady, isShutDown }) => (isShutDown ? false : isReady || undefined);

/** The pool's nodes among the machines; a machine that may be none is a problem. */
export function membersOf<T>(
  pool: PoolSize,
  machines: readonly T[],
  isOn: IsOn<T>,
): { readonly value: readonly T[] } | { readonly problem: string } {
  if (!keepsMachines(pool)) return { value: machines };
  const mode = `as scaleDownMode is ${pool.scaleDownMode}`;
  const unclear = machines.filter((machine) => isOn(machine) === undefined).length;
  if (unclear > 0) {
    return { problem: `${unclear} of ${machines.length} machines may be deallocated, ${mode}, and do not show it` };
  }
  const on = machines.filter((machine) => isOn(machine));
  return pool.count === undefined || on.length >= pool.count
    ? { value: on }
    : { problem: `only ${on.length} of its ${pool.count} nodes run, ${mode}` };
}
