// A deliberate bug: what it puts between the keeper and its ports, or changes in its gates. The list is bugs.ts.
import { gates } from '../../../shared/domain/plan/gates.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import type { Invocation } from '../record/record.ts';
import type { Transport } from '../world/aks/transport.ts';

export type Bug = {
  readonly name: string;
  readonly dependencies: (honest: Dependencies, invocation: Invocation) => Dependencies;
  readonly transport: (honest: Transport) => Transport;
  /** Gates that stand in for the keeper's own. */
  readonly gates: Readonly<Partial<typeof gates>>;
};

export const noBug: Bug = {
  name: 'none',
  dependencies: (honest) => honest,
  transport: (honest) => honest,
  gates: {},
};

/** Puts a bug's gates among the keeper's; call what it returns to take them out again. */
export function plantGates(bug: Bug): () => void {
  const own = gates as Record<string, (typeof gates)[keyof typeof gates]>;
  const honest = { ...own };
  Object.assign(own, bug.gates);
  return () => void Object.assign(own, honest);
}
