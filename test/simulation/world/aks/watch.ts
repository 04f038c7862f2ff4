// Looks at the simulated AKS whenever it next changes by itself. Used by motion.ts and the fleet's ruler.
import type { Simulator } from '../../../../local/simulator/simulator.ts';
import type { Schedule } from '../schedule.ts';

/** @returns to be called after each act on the simulator, which may bring the next change nearer */
export function createWatch(simulator: Simulator, schedule: Schedule, look: () => void): () => void {
  let watched = Number.POSITIVE_INFINITY;
  const watch = (): void => {
    const next = simulator.nextChangeAt()?.epochMilliseconds;
    if (next === undefined || next >= watched) return;
    watched = next;
    schedule.at(next, () => {
      watched = Number.POSITIVE_INFINITY;
      look();
      watch();
    });
  };
  return watch;
}
