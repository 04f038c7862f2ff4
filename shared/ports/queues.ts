// Storage queues. Implemented by adapters/storage.

export const queueNames = [
  'observe-cluster',
  'start-upgrade',
  'refresh-facts',
  'project-cluster',
  'verify-history',
] as const;
export type QueueName = (typeof queueNames)[number];

export type Queues = {
  /** About how many messages were given up: those in the queue's `-poison`. */
  readonly countPoisoned: (queue: QueueName) => Promise<number>;
  readonly send: (queue: QueueName, message: unknown, delaySeconds: number) => Promise<void>;
};
