// A deliberate bug: what it puts between the keeper and its ports, or changes in its gates. The list is bugs.ts.
import type { Dependencies } from '../../shared/usecases/dependencies.ts';
import type { Invocation } from './record.ts';
import type { Transport } from './transport.ts';

export type Bug = {
  readonly name: string;
  /** Wraps what an invocation is given. */
  readonly dependencies: (honest: Dependencies, invocation: Invocation) => Dependencies;
  readonly transport: (honest: Transport) => Transport;
  /** Changes the process for a run, and says how to change it back. */
  readonly plant: () => () => void;
};

/** The keeper as it is. */
export const noBug: Bug = {
  name: 'none',
  dependencies: (honest) => honest,
  transport: (honest) => honest,
  plant: () => () => undefined,
};
