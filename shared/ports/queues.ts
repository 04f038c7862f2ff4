// Storage queues. Implemented by adapters/storage.

export type QueueName = 'observe-cluster' | 'start-upgrade' | 'project-cluster' | 'verify-history';

export type Queues = {
  readonly send: (queue: QueueName, message: unknown, delaySeconds: number) => Promise<void>;
};
