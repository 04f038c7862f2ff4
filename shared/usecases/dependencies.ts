// What a use case is given: ports and settings. Built once, in composition.ts; tests build their own.
import type { Arm } from '../ports/arm.ts';
import type { Capacity } from '../ports/capacity.ts';
import type { Clock } from '../ports/clock.ts';
import type { Documents } from '../ports/documents.ts';
import type { Kubernetes } from '../ports/kubernetes.ts';
import type { Log } from '../ports/log.ts';
import type { Queues } from '../ports/queues.ts';
import type { Tables } from '../ports/tables.ts';
import type { Topic } from '../ports/topic.ts';

export type Dependencies = {
  readonly clock: Clock;
  readonly arm: Arm;
  readonly capacity: Capacity;
  readonly kubernetes: Kubernetes;
  readonly tables: Tables;
  readonly digests: Documents;
  readonly queues: Queues;
  /** Absent: nobody is notified. */
  readonly topic?: Topic | undefined;
  readonly log: Log;
  /** The subscriptions whose clusters are the fleet, in lower case. */
  readonly subscriptions: readonly string[];
  /** Percent of AKS's request limits that are left for people and their tools. */
  readonly shareForOthers: number;
  /** Facts younger than this are not read again by a pass. */
  readonly factsMinutes: number;
  /** A cluster that stood in no list for longer has a gap in its record. */
  readonly gapMinutes: number;
  /** The request header that tells who is signed in; absent: no header is believed. */
  readonly signInHeader?: string | undefined;
  /** What links to the API begin with, without a slash at its end; absent: links are paths. Never what a request says of its host. */
  readonly publicUrl?: string | undefined;
};

export type FleetTables = Pick<Dependencies, 'tables' | 'subscriptions'>;
