// Judges who a recorded roll is said to be by. Called by judgeRoll.ts.
import type { Wrong } from '../../record/record.ts';
import type { Rolled } from '../../record/stored.ts';
import type { TrueRoll } from '../../record/truth.ts';
import { isNewer, isOtherFamily } from '../own/images.ts';

/**
 * Only what the evidence shows: unknown is honest where nothing shows it.
 * @param unseen all rolls of the pool since it was last looked at
 */
export function judgeCause(entry: Rolled, roll: TrueRoll, unseen: readonly TrueRoll[], wrong: Wrong): void {
  const said = `${entry.cause}, but it was ${roll.cause}`;
  switch (entry.cause) {
    case 'keeper':
      if (roll.cause !== 'keeper') wrong('cause', said);
      break;
    case 'rollback':
      if (!isNewer(entry.from, entry.to) && roll.cause !== 'rollback')
        wrong('cause', `rollback from ${entry.from} to ${entry.to}`);
      break;
    case 'reconfiguration':
      if (!isOtherFamily(entry.from, entry.to)) wrong('cause', `reconfiguration from ${entry.from} to ${entry.to}`);
      break;
    case 'manual':
      // Who rolls a rollback back takes a step forward by hand.
      if (roll.cause !== 'manual' && !(roll.cause === 'rollback' && isNewer(entry.to, entry.from)) && !byPerson(unseen))
        wrong('cause', said);
      break;
    case 'aksAutoUpgrade':
    case 'securityPatch':
      if (roll.cause !== entry.cause) wrong('cause', said);
      break;
    case 'kubernetesUpgrade':
      if (roll.cause !== 'kubernetesUpgrade' && !hasKubernetesUpgrade(roll)) wrong('cause', said);
      break;
    case 'unknown':
      if (isNewer(entry.from, entry.to) && !entry.attempt) wrong('cause', 'a step backward is a rollback');
      break;
    default:
      wrong('cause', `nobody is called ${entry.cause}`);
  }
}

// Whose act is named did roll the pool in that time, and something that left no trace rolled it again.
function byPerson(unseen: readonly TrueRoll[]): boolean {
  return unseen.some(({ cause }) => cause === 'manual' || cause === 'rollback');
}

// Another roll of the pool since it was last looked at changed the Kubernetes version.
function hasKubernetesUpgrade({ pool }: TrueRoll): boolean {
  return pool.moments.some(({ provisioningState }) => provisioningState === 'Upgrading');
}
