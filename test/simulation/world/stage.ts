// What stands before anything moves: virtual time, the simulated AKS with the fleet that was drawn, what is true of it, empty
// storage, and a notebook. Used by createWorld.ts.
import { Temporal } from 'temporal-polyfill';
import { createSimulator, type Simulator } from '../../../local/simulator/simulator.ts';
import type { Fleet } from '../../../local/simulator/world/armFleet.ts';
import { createMemoryDocuments } from '../../../shared/adapters/storage/memoryDocuments.ts';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import type { Documents } from '../../../shared/ports/documents.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import type { RunOptions } from '../draw/drawOptions.ts';
import { createDraw } from '../draw/seed.ts';
import { createNotes, type Notes } from '../record/notes.ts';
import { type PolicyRow, watchPolicy } from '../record/policyRows.ts';
import { createTruth, type TruthNotes } from './aks/truth.ts';
import { type Damageable, damageable } from './damageable.ts';
import { createSchedule, type Schedule } from './schedule.ts';

export type Stage = {
  readonly options: RunOptions;
  readonly schedule: Schedule;
  readonly simulator: Simulator;
  readonly truth: TruthNotes;
  /** The fleet as it was drawn; its releases are {@link Stage.releases}. */
  readonly fleet: Fleet;
  /** With those that come by surprise. */
  readonly releases: Fleet['releases'][number][];
  readonly tables: Tables;
  readonly olderOf: Damageable['olderOf'];
  readonly policyRows: readonly PolicyRow[];
  readonly digests: Documents;
  readonly notes: Notes;
  readonly isQuiet: () => boolean;
};

export function createStage(options: RunOptions): Stage {
  const schedule = createSchedule(options.startedAt, createDraw(options.seed, 'order'));
  const releases = [...options.fleet.releases];
  const fleet = { ...options.fleet, releases };
  const simulator = createSimulator({ fleet, now: () => Temporal.Instant.fromEpochMilliseconds(schedule.now()) });
  const stored = damageable(createMemoryTables());
  const { tables, rows: policyRows } = watchPolicy(stored.tables, schedule.now);
  return {
    options,
    schedule,
    simulator,
    truth: createTruth(simulator, schedule.now),
    fleet,
    releases,
    tables,
    olderOf: stored.olderOf,
    policyRows,
    digests: createMemoryDocuments(),
    notes: createNotes(schedule.now),
    isQuiet: () => schedule.now() >= options.quietFrom,
  };
}
