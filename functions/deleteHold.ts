// DELETE /api/holds/{id}: lifts a hold, and keeps who did.
import { endTrigger } from '../shared/http/endTrigger.ts';

export const handler = endTrigger('deleteHold');
