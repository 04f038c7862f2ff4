// Called by a timer: brings the attempts in flight to their end, and asks who did what.
import { app } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { followAttempts } from '../shared/usecases/follow/followAttempts.ts';
import { confirmEvidence } from '../shared/usecases/observe/confirmEvidence.ts';

app.timer('followUpgrades', {
  schedule: '%FOLLOW_SCHEDULE%',
  handler: async (_timer, context) => {
    const parts = dependencies(context);
    try {
      await followAttempts(parts);
    } finally {
      await confirmEvidence(parts);
    }
  },
});
