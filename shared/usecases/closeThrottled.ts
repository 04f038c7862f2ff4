// Closes the budget that a 429 was of, and no other. Called by whoever sent the request.
import { throttledSeconds, waitOf } from '../domain/attempt/requestBudget.ts';
import type { ArmError } from '../ports/arm.ts';
import { type Budget, closeBudget, readsOf } from '../stores/starts/budgetStore.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * AKS's own buckets and ARM's refuse with codes of their own; where the code is another, both are closed.
 * @param own AKS's bucket of the request; undefined: the one of the cluster that was read, which no row keeps
 */
export async function closeThrottled(
  { clock, tables }: Pick<Dependencies, 'clock' | 'tables'>,
  subscription: string,
  own: Budget | undefined,
  error: ArmError,
): Promise<void> {
  if (error.status !== 429) return;
  const seconds = waitOf(error.retryAfterSeconds, throttledSeconds);
  const isOfAks = error.code === 'Throttled';
  const isOfArm = /RequestsThrottled$/i.test(error.code);
  const closed = [isOfArm ? undefined : own, isOfAks ? undefined : readsOf(subscription)];
  for (const budget of closed.filter((one) => one !== undefined)) {
    await closeBudget(tables, budget, seconds, clock.now(), error.date);
  }
}
