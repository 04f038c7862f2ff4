// The topic of a run: it takes notifications, and fails as a topic can: at a call, for days, or having taken some. Its faults are
// drawn from a source of their own, so that they change nothing else of a seed. Used by run.ts.
import type { Notification } from '../../../shared/domain/notification/notification.ts';
import type { Topic } from '../../../shared/ports/topic.ts';
import type { Invocation, Taken } from '../record/record.ts';
import type { Faults, Struck } from './faults.ts';
import type { Draw } from './seed.ts';

const hour = 3_600_000;

export type SimulatedTopic = {
  readonly taken: readonly Taken[];
  readonly for: (invocation: Invocation) => Topic;
};

export function createSimulatedTopic(options: {
  readonly faults: Faults;
  readonly draw: Draw;
  readonly now: () => number;
  readonly from: number;
  /** From here on it works. */
  readonly quietFrom: number;
  readonly isClean: boolean;
}): SimulatedTopic {
  const { faults, draw, now, from, quietFrom, isClean } = options;
  const taken: Taken[] = [];
  const downFrom = draw.whole(from, quietFrom);
  const downTo = isClean || draw.chance(0.5) ? downFrom : Math.min(downFrom + draw.whole(1, 96) * hour, quietFrom);
  const isDown = () => now() >= downFrom && now() < downTo;
  // As it leaves on the wire: text.
  const take = (some: readonly Notification[]) =>
    taken.push(...some.map((one) => ({ at: now(), notification: JSON.parse(JSON.stringify(one)) as Notification })));

  function struck(invocation: Invocation, some: readonly Notification[]): Struck<void> | undefined {
    if (isDown()) return { instead: () => failed('The topic is down.') };
    if (faults.strikes('topicError', invocation)) return { instead: () => failed('The topic answers 503.') };
    if (faults.strikes('topicLostAnswer', invocation)) return { afterwards: () => failed('The topic did not answer.') };
    if (!faults.strikes('topicPart', invocation)) return undefined;
    return {
      instead: () => {
        take(some.slice(0, Math.floor(some.length / 2)));
        failed('The topic took some.');
      },
    };
  }

  return {
    taken,
    for: (invocation) => ({
      publish: (some) => faults.call<void>(invocation, () => void take(some), struck(invocation, some)),
    }),
  };
}

function failed(why: string): never {
  throw new Error(`Simulated: ${why}`);
}
