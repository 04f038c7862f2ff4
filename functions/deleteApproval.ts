// DELETE /api/approvals/{id}: revokes an approval and keeps who did. Upgrades that it let start go on.
import { endTrigger } from '../shared/http/endTrigger.ts';
import { approvals } from '../shared/stores/standingStore.ts';

export const handler = endTrigger('deleteApproval', approvals.end, {
  what: 'approval',
  does: 'revokes the approval',
  ended: 'revoked',
  stands: 'stands; GET /api/approvals lists those that do, and GET /api/approvals?revoked=true those that were revoked',
});
