// Virtual time: what is to happen, in order of its time; the clock jumps from one to the next. Nothing waits for real.
import { isTurnAwaited } from '../../../shared/ports/turn.ts';
import type { Draw } from '../draw/seed.ts';

/** Times are epoch milliseconds. */
export type Schedule = {
  readonly now: () => number;
  /** Lets something happen; at one moment the seed decides what comes first. */
  readonly at: (time: number, happen: () => void) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Lets everything happen up to `end`, included. */
  readonly runUntil: (end: number) => Promise<void>;
};

type Due = { readonly time: number; readonly turn: number; readonly happen: () => void };

export function createSchedule(start: number, draw: Draw): Schedule {
  const heap: Due[] = [];
  let now = start;
  const at = (time: number, happen: () => void): void =>
    push(heap, { time: Math.max(now, Math.round(time)), turn: draw.next(), happen });
  return {
    now: () => now,
    at,
    wait: (milliseconds) => new Promise((resolve) => at(now + milliseconds, resolve)),
    runUntil: async (end) => {
      for (;;) {
        await settled();
        const first = heap[0];
        if (!first || first.time > end) break;
        pop(heap);
        now = first.time;
        first.happen();
      }
      now = Math.max(now, end);
    },
  };
}

function isBefore(a: Due, b: Due): boolean {
  return a.time < b.time || (a.time === b.time && a.turn < b.turn);
}

/** Into a binary heap, the earliest first. */
function push(heap: Due[], due: Due): void {
  let index = heap.push(due) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Due;
    if (!isBefore(due, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = index * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
    if (!isBefore(heap[child] as Due, last)) break;
    heap[index] = heap[child] as Due;
    index = child;
  }
  heap[index] = last;
}

/** Everything that was woken has run up to its next wait: all of it is promises, which run before this turn of Node's loop. */
async function settled(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (isTurnAwaited());
}
