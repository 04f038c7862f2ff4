// Why a pool is not started, by one gate. Made by the gates, put together by plan.
import type { Temporal } from 'temporal-polyfill';

export type Refusal = {
  /** One or two sentences with the facts; what to do, where somebody must act. */
  readonly sentence: string;
  /** When this refusal lifts by itself, where that is known. */
  readonly nextEligibleAt?: Temporal.Instant | undefined;
  /** Where somebody must act, though the gate's other refusals lift by themselves. */
  readonly verdict?: 'blocked';
};
