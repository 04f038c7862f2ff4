// The topic of a run: it takes notifications, and fails as a topic can: at a call, for days, or having taken some. Used by
// createWorld.ts.
import type { Notification } from '../../../shared/domain/notification/notification.ts';
import type { Topic } from '../../../shared/ports/topic.ts';
import type { Invocation } from '../record/record.ts';
import type { Taken } from '../record/stored.ts';
import { type Faults, failed, type Struck } from './faults.ts';

export type SimulatedTopic = {
  readonly taken: readonly Taken[];
  readonly for: (invocation: Invocation) => Topic;
};

export function createSimulatedTopic(options: {
  readonly faults: Faults;
  readonly now: () => number;
  readonly downFrom: number;
  readonly downTo: number;
}): SimulatedTopic {
  const { faults, now, downFrom, downTo } = options;
  const taken: Taken[] = [];
  const isDown = () => now() >= downFrom && now() < downTo;
  // As it leaves on the wire: text.
  const take = (some: readonly Notification[]) =>
    taken.push(
      ...some.map((one) => ({ at: now(), notification: JSON.parse(JSON.stringify(one)) as Taken['notification'] })),
    );

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
