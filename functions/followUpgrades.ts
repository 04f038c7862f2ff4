// Called by a timer: brings the attempts in flight to their end.
import { app } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { followUpgrades } from '../shared/usecases/follow/followUpgrades.ts';

app.timer('followUpgrades', {
  schedule: '%FOLLOW_SCHEDULE%',
  handler: async (_timer, context) => {
    await followUpgrades(dependencies(context));
  },
});
