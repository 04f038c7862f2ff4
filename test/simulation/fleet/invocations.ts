// The invocations of a run, and what each took: requests of tables, virtual time, and where nothing ran beside it, processor
// time. Called by runFleet.
import type { QueueName } from '../../../shared/ports/queues.ts';
import type { Tables } from '../../../shared/ports/tables.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import type { Schedule } from '../world/schedule.ts';
import { slowTables } from './slowTables.ts';

export type InvocationName = QueueName | 'pass' | 'follow' | 'event';

export type Took = {
  readonly name: InvocationName;
  readonly beganAt: number;
  readonly tableRequests: number;
  readonly milliseconds: number;
  /** Undefined where something ran beside it. */
  readonly cpuMilliseconds: number | undefined;
  readonly failed: boolean;
};

export type Invocations = {
  readonly run: (name: InvocationName, work: (parts: Dependencies) => Promise<unknown>) => Promise<void>;
  readonly took: readonly Took[];
};

export function createInvocations(
  schedule: Schedule,
  memory: Tables,
  app: (tables: Tables) => Dependencies,
): Invocations {
  const took: Took[] = [];
  let underWay = 0;
  /** How many began so far: who finds it moved was not alone. */
  let begun = 0;
  return {
    took,
    run: async (name, work) => {
      let tableRequests = 0;
      const tables = slowTables(memory, schedule, () => {
        tableRequests += 1;
      });
      const isAlone = underWay === 0;
      underWay += 1;
      begun += 1;
      const [own, beganAt, cpu] = [begun, schedule.now(), process.cpuUsage()];
      let failed = true;
      try {
        await work(app(tables));
        failed = false;
      } finally {
        underWay -= 1;
        const { user, system } = process.cpuUsage(cpu);
        const cpuMilliseconds = isAlone && begun === own ? (user + system) / 1000 : undefined;
        took.push({ name, beganAt, tableRequests, milliseconds: schedule.now() - beganAt, cpuMilliseconds, failed });
      }
    },
  };
}
