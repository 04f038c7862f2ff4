// DELETE /api/holds/{id}: lifts a hold, and keeps who did.
import { endTrigger } from '../shared/http/endTrigger.ts';
import { holds } from '../shared/stores/standingStore.ts';

export const handler = endTrigger('deleteHold', holds.end, {
  what: 'hold',
  does: 'lifts the hold',
  ended: 'lifted',
  stands: 'is set; GET /api/holds lists those that are, and GET /api/holds?lifted=true those that were',
});
