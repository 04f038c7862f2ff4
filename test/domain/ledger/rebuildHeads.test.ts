import { expect, it } from 'vitest';
import { rebuildHeads } from '../../../shared/domain/ledger/rebuildHeads.ts';
import { anAttempt, aRollEntry, aWindow, images, now } from '../../builders.ts';

it('a head that is rebuilt keeps what a failed attempt asked for, not the image that the pool still names', () => {
  const { id: attempt, window } = anAttempt();
  const judged = {
    maintenanceWindow: aWindow(),
    readAt: now.toString(),
    opensAt: window.opensAt.toString(),
    closesAt: window.closesAt.toString(),
  };
  const failed = { kind: 'rolled', to: images.old, outcome: 'failed', attempt, window: judged } as const;
  const { pools } = rebuildHeads([aRollEntry({ ...failed, target: images.new })]);
  expect(pools).toMatchObject([{ nodeImageVersion: images.old, lastAttempt: { id: attempt, to: images.new } }]);
});
