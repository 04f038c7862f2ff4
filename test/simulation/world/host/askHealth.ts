// GET /api/health/details as somebody asks it in a run, by a keeper that has the planted bug too. Used by createWorld.ts.
import { Temporal } from 'temporal-polyfill';
import type { Queues } from '../../../../shared/ports/queues.ts';
import { explainHealth } from '../../../../shared/usecases/ask/explainHealth.ts';
import type { Dependencies } from '../../../../shared/usecases/dependencies.ts';
import type { Bug } from '../../bugs/bug.ts';
import { subscription } from '../../draw/drawFleet.ts';
import type { Invocation } from '../../record/record.ts';
import type { Stage } from '../stage.ts';

/** The rows that can't be read, each as a sentence. Nothing goes wrong with its own reads. */
export async function askHealth({ tables, digests, schedule }: Stage, bug: Bug, queues: Queues) {
  const now = schedule.now();
  const asking: Invocation = {
    id: 0,
    name: 'healthDetails',
    instance: 0,
    startedAt: now,
    pace: 0,
    alive: true,
    faults: [],
    reads: [],
  };
  const silent = { info: () => undefined, warn: () => undefined };
  const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(now) };
  const subscriptions = [subscription];
  const honest = { tables, digests, queues, clock, subscriptions, log: silent, arm: {} } as unknown as Dependencies;
  const { unreadable } = await explainHealth(bug.dependencies(honest, asking));
  return unreadable.first;
}
