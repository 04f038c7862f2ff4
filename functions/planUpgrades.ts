// Called by a timer: one planning pass over the fleet. What it leaves for later goes to its queues by itself, with its delay.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { queueLater } from '../shared/usecases/plan/queueLater.ts';
import { runPass } from '../shared/usecases/plan/runPass.ts';

/** @returns the messages of the queue observe-cluster */
export async function handler(context: InvocationContext) {
  const parts = dependencies(context);
  const pass = await runPass(parts);
  await queueLater(parts, pass);
  return pass.observe;
}
