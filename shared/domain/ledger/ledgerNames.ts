// The values of the ledger's unions as lists, for schemas: of queries, of answers, of notifications.
import type { Cause, Outcome, Proof } from './ledger.ts';

/** The values of a union; one that is missing here does not compile. */
export const namesOf = <T extends string>(values: Readonly<Record<T, true>>) => Object.keys(values) as T[];

export const causes = namesOf<Cause>({
  keeper: true,
  aksAutoUpgrade: true,
  kubernetesUpgrade: true,
  rollback: true,
  reconfiguration: true,
  securityPatch: true,
  manual: true,
  unknown: true,
});

export const outcomes = namesOf<Outcome>({
  succeeded: true,
  partial: true,
  failed: true,
  canceled: true,
  notStarted: true,
  unknown: true,
});

export const proofs = namesOf<Proof>({ pool: true, instances: true, nodes: true, none: true });
