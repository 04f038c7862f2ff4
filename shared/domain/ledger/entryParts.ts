// Parts of the ledger's entries: how many nodes, who did it, which window. Used by its schemas, and by whoever makes them.
import { z } from 'zod';
import { InstantText, openWord, type Stored } from '../text/stored.ts';

const count = z.number().optional();

/** A pool's nodes, counted; what was not counted is absent. */
export const NodeCounts = z.looseObject({
  total: count,
  /** Those on the image that the roll was to bring: what the pool rolled to, or of a failed attempt what it was at. */
  upToDate: count,
  ready: count,
  cordoned: count,
  quarantined: count,
  /** ISO date of the security patch that every one of them has, where they have one. */
  securityPatch: z.string().optional(),
});
export type NodeCounts = Stored<typeof NodeCounts>;

export const Actor = z.looseObject({
  kind: openWord<'person' | 'application' | 'aks'>(),
  name: z.string(),
  correlationId: z.string().optional(),
});
export type Actor = Stored<typeof Actor>;

/**
 * How far what names who did it can be trusted. `reported`: an event says so, and whoever has the key of the events can send
 * one. `confirmed`: the Activity Log says it too. `notInActivityLog`: it does not, and what was attributed is taken back.
 */
export const evidenceWords = ['reported', 'confirmed', 'notInActivityLog'] as const;
export type EvidenceWord = (typeof evidenceWords)[number];

/** What a start of the keeper's was judged on; stored with its intent, then in the entry of its end. */
export const startBasis = {
  ring: z.string().optional(),
  /** The number of the policy that was in force. */
  policyVersion: z.int().optional(),
  /** Where the start needed one, that which counted. */
  approval: z.looseObject({ id: z.string(), approvedBy: z.string() }).optional(),
};

/** The maintenance configurations that hold windows: for node images, and for what AKS upgrades Kubernetes in. */
export const windowNames = {
  nodeOs: 'aksManagedNodeOSUpgradeSchedule',
  kubernetes: 'aksManagedAutoUpgradeSchedule',
} as const;

/** The window that a change is judged on: the configuration in ARM's shape, and the occurrence, when there was one. */
export const JudgedWindow = z.looseObject({
  /** The configuration's name; absent: aksManagedNodeOSUpgradeSchedule. */
  name: openWord<(typeof windowNames)[keyof typeof windowNames]>().optional(),
  maintenanceWindow: z.unknown(),
  readAt: z.string(),
  opensAt: InstantText.optional(),
  closesAt: InstantText.optional(),
});
export type JudgedWindow = Stored<typeof JudgedWindow>;
