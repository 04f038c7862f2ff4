// Storage queues. Implemented by adapters/storage.

export type QueueName = 'observe-cluster' | 'start-upgrade' | 'project-cluster';

/** Sends a message that becomes visible after a delay. Functions' own output bindings serve where there is no delay. */
export type Queues = {
  readonly send: (queue: QueueName, message: unknown, delaySeconds: number) => Promise<void>;
};
