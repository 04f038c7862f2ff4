// No event is lost, in whatever order events, observations, crashes and time come: an observation begins after each, or its message
// waits, or was lost on its way and the next event after a minute asks anew.
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createMemoryTables } from '../../../shared/adapters/storage/memoryTables.ts';
import { clusterKey } from '../../../shared/domain/cluster/clusterId.ts';
import { quietSeconds } from '../../../shared/domain/observe/mark.ts';
import type { Hint } from '../../../shared/domain/observe/observation.ts';
import { ArmError } from '../../../shared/ports/arm.ts';
import { readMark } from '../../../shared/stores/marksStore.ts';
import { readClosedUntil, readsOf } from '../../../shared/stores/starts/budgetStore.ts';
import type { Dependencies } from '../../../shared/usecases/dependencies.ts';
import { ObserveMessage } from '../../../shared/usecases/messages.ts';
import { endThrottled, endTurn, takeTurn } from '../../../shared/usecases/observe/turn.ts';
import { markCluster } from '../../../shared/usecases/receive/markClusters.ts';
import { clusterId, subscription } from '../fleets.ts';

type Sent = { readonly message: ObserveMessage; readonly visibleAt: Temporal.Instant };

/** Two processes over the same storage, and a queue whose messages are delivered by hand. */
function stage() {
  let now = Temporal.Instant.from('2026-11-03T08:00:00Z');
  let queue: Sent[] = [];
  let fate: 'sent' | 'lost' | 'refused' = 'sent';
  const tables = createMemoryTables();
  const dependencies = {
    clock: { now: () => now },
    queues: {
      send: async (_queue: string, message: unknown, delaySeconds: number) => {
        if (fate === 'refused') throw new Error('Simulated: the queue is away.');
        if (fate === 'lost') return;
        queue.push({ message: ObserveMessage.parse(message), visibleAt: now.add({ seconds: delaySeconds }) });
      },
    },
    log: { info: () => undefined, warn: () => undefined },
  };
  const processes = [tables, { ...tables }].map((own) => ({ ...dependencies, tables: own }) as unknown as Dependencies);
  const hint = (number: number): Hint => ({
    kind: 'rollStarted',
    nodePool: 'apps',
    at: now.subtract({ seconds: number }),
  });
  return {
    now: () => now,
    queue: () => queue,
    tables,
    process: (index: number) => processes[index % 2] as Dependencies,
    hint,
    advance: (seconds: number) => {
      now = now.add({ seconds });
    },
    send: async (index: number, said: Hint | undefined, how: typeof fate = 'sent') => {
      fate = how;
      try {
        await markCluster(processes[index % 2] as Dependencies, subscription, { clusterId, hint: said });
      } finally {
        fate = 'sent';
      }
    },
    /** The next message that is visible. */
    take: () => {
      const next = queue.find(({ visibleAt }) => Temporal.Instant.compare(visibleAt, now) <= 0);
      queue = queue.filter((one) => one !== next);
      return next?.message;
    },
  };
}

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('event'), by: fc.nat(1), hint: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refused'), by: fc.nat(1), hint: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin'), by: fc.nat(1), hint: fc.constant(0) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end'), by: fc.nat(1), hint: fc.constant(0) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail'), by: fc.nat(1), hint: fc.constant(0) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('time'), by: fc.nat(20), hint: fc.constant(0) }) },
);

describe('marks', () => {
  it('lose no event and no hint, whatever comes in between, and have one observation wait', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), async (actions) => {
        const world = stage();
        const hints = [0, 1, 2, 3].map(world.hint);
        const events: { readonly step: number; readonly hint: Hint }[] = [];
        const looks: { readonly begun: number; readonly at: Temporal.Instant; readonly hints: readonly Hint[] }[] = [];
        const running: {
          readonly message: ObserveMessage;
          readonly hints: readonly Hint[];
          readonly by: number;
          readonly begun: number;
        }[] = [];
        const again: Hint[] = [];
        let step = 0;
        let failed = 0;
        const begin = async (by: number) => {
          const message = world.take();
          if (!message) return false;
          const told = await takeTurn(world.process(by), message);
          if (told) running.push({ message, hints: told, by, begun: step });
          return true;
        };
        const end = async () => {
          const one = running.shift();
          if (!one) return;
          await endTurn(world.process(one.by), clusterId, one.hints, true);
          looks.push({ begun: one.begun, at: world.now(), hints: one.hints });
        };
        for (const { do: what, by, hint: index } of actions) {
          step += 1;
          const hint = hints[index] as Hint;
          if (what === 'event') {
            await world.send(by, hint);
            events.push({ step, hint });
          } else if (what === 'refused') {
            // It is taken where nothing had to be sent; else Event Grid sends it again.
            const isTaken = await world.send(by, hint, 'refused').then(
              () => true,
              () => false,
            );
            if (isTaken) events.push({ step, hint });
            else again.push(hint);
          } else if (what === 'begin') await begin(by);
          else if (what === 'end') await end();
          else if (what === 'fail') {
            // Storage or ARM: the queue delivers its message again.
            const one = running.shift();
            failed += 1;
            if (one) world.queue().push({ message: one.message, visibleAt: world.now() });
          } else world.advance(by);
          const waiting = world.queue().filter(({ visibleAt }) => Temporal.Instant.compare(visibleAt, world.now()) > 0);
          // One that is delivered again looks while the next one waits, and events after it ask for another.
          expect(waiting.length).toBeLessThanOrEqual(1 + failed);
        }
        for (const hint of again) {
          step += 1;
          await world.send(1, hint);
          events.push({ step, hint });
        }
        // Time goes on, and the queue is emptied.
        for (let minute = 0; minute < 3; minute += 1) {
          step += 1;
          world.advance(60);
          while (await begin(0));
          while (running.length > 0) await end();
        }
        for (const event of events) {
          expect(looks.some(({ begun }) => begun >= event.step)).toBe(true);
          const told = looks.flatMap((look) => look.hints);
          expect(told.some(({ at }) => at.equals(event.hint.at))).toBe(true);
        }
        expect((await readMark(world.tables, clusterKey(clusterId)))?.hints ?? []).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('that lost their message hold events up for a minute, no longer', async () => {
    const world = stage();
    await world.send(0, world.hint(1), 'lost');
    world.advance(59);
    await world.send(0, world.hint(1));
    expect(world.queue()).toEqual([]);
    world.advance(1);
    await world.send(1, world.hint(1));
    expect(world.queue()).toHaveLength(1);
  });

  it('are asked for without storage only while the observation lies ahead', async () => {
    const world = stage();
    const hint = world.hint(1);
    let asked = 0;
    const tables: Dependencies['tables'] = {
      ...world.tables,
      get: (...row) => {
        asked += 1;
        return world.tables.get(...row);
      },
    };
    const dependencies = { ...world.process(0), tables };
    const event = async (said: Hint) => {
      asked = 0;
      await markCluster(dependencies, subscription, { clusterId, hint: said });
      return asked > 0;
    };
    expect(await event(hint)).toBe(true);
    expect(await event(hint)).toBe(true);
    await takeTurn(dependencies, world.take() as ObserveMessage);
    expect(await event(hint)).toBe(true);
    expect(await event(hint)).toBe(false);
    expect(await event(world.hint(2))).toBe(true);
    expect(await event(world.hint(2))).toBe(false);
    world.advance(quietSeconds - 2);
    expect(await event(hint)).toBe(true);
  });
});

describe("ARM's 429", () => {
  const throttled = (code: string) => new ArmError('read it', { status: 429, code, retryAfterSeconds: 90 });
  const message: ObserveMessage = { clusterId };

  it.each([
    ['of one cluster', 'Throttled', undefined],
    ['of a subscription', 'SubscriptionRequestsThrottled', '2026-11-03T08:01:30Z'],
  ])('%s: nothing of it is read before it is over, and its hints are kept', async (_what, code, closed) => {
    const world = stage();
    const told = [world.hint(1)];
    await endThrottled(world.process(0), message, told, throttled(code));
    expect(await takeTurn(world.process(0), message)).toBeUndefined();
    expect(world.queue()).toHaveLength(1);
    expect((await readClosedUntil(world.tables, readsOf(subscription), world.now())) as object).toEqual({
      value: closed && Temporal.Instant.from(closed),
    });
    const other = { clusterId: clusterId.replace(/shop$/, 'bank') };
    expect((await takeTurn(world.process(0), other)) === undefined).toBe(closed !== undefined);
    world.advance(89);
    expect(await takeTurn(world.process(0), message)).toBeUndefined();
    world.advance(3);
    expect(await takeTurn(world.process(0), world.take() as ObserveMessage)).toEqual(told);
  });
});
