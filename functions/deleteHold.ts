// DELETE /api/holds/{id}: lifts a hold, and keeps who did.
import { endTrigger } from '../shared/http/endTrigger.ts';
import { liftHold } from '../shared/stores/holdsStore.ts';

export const handler = endTrigger('deleteHold', liftHold, {
  what: 'hold',
  does: 'lifts the hold',
  ended: 'lifted',
  stands: 'is set; GET /api/holds lists those that are, and GET /api/holds?lifted=true those that were',
});
