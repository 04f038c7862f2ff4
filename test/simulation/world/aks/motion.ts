// How the simulated AKS moves: by itself as time goes by, and by whoever acts on it; what is true is noted with its cause each
// time. Used by createWorld.ts.
import type { TrueCause } from '../../record/truth.ts';
import type { Stage } from '../stage.ts';
import { createWatch } from './watch.ts';

export type Motion = {
  /** Lets the world come up to now; what it sends goes out. */
  readonly advance: () => void;
  /** Lets somebody act on it. @param post the keeper's request, where it was one */
  readonly move: <T>(cause: TrueCause, happen: () => T, post?: number) => T;
  /** Sees to it that the world is looked at when it next changes by itself. */
  readonly watch: () => void;
};

export function createMotion(
  { simulator, truth, schedule }: Stage,
  deliver: (event: unknown) => void,
  wake: (from: number, to: number) => void,
): Motion {
  function advance(): void {
    for (const event of simulator.advance()) deliver(event);
    truth.look('aksAutoUpgrade');
  }

  const watch = createWatch(simulator, schedule, () => {
    const before = truth.changes();
    advance();
    if (truth.changes() !== before) wake(schedule.now(), schedule.now() + 5 * 60_000);
  });

  return {
    advance,
    watch,
    move: (cause, happen, post) => {
      advance();
      const result = happen();
      truth.look(cause, post);
      // What AKS does by itself at this very moment.
      advance();
      watch();
      return result;
    },
  };
}
