// Called by a timer: brings the attempts in flight to their end.
import { app } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { followAttempts } from '../shared/usecases/follow/followAttempts.ts';

app.timer('followUpgrades', {
  schedule: '%FOLLOW_SCHEDULE%',
  handler: async (_timer, context) => {
    await followAttempts(dependencies(context));
  },
});
