// DELETE /api/approvals/{id}: revokes an approval and keeps who did. Upgrades that it let start go on.
import { endTrigger } from '../shared/http/endTrigger.ts';

export const handler = endTrigger('deleteApproval');
