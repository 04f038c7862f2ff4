// Called by a timer: brings the attempts in flight to their end, and asks who did what.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { followAttempts } from '../shared/usecases/follow/followAttempts.ts';
import { confirmEvidence } from '../shared/usecases/observe/confirmEvidence.ts';

export async function handler(context: InvocationContext): Promise<void> {
  const parts = dependencies(context);
  try {
    await followAttempts(parts);
  } finally {
    await confirmEvidence(parts);
  }
}
