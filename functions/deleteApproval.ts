// DELETE /api/approvals/{id}: revokes an approval and keeps who did. Upgrades that it let start go on.
import type { RevokedApproval } from '../shared/http/answers/hold.ts';
import { endTrigger } from '../shared/http/endTrigger.ts';
import { approvals } from '../shared/stores/standingStore.ts';

export const handler = endTrigger<typeof RevokedApproval>('deleteApproval', {
  what: 'approval',
  does: 'revokes the approval',
  ended: 'revoked',
  stands: 'stands; GET /api/approvals lists those that do, and GET /api/approvals?revoked=true those that were revoked',
  end: approvals.end,
});
