// Deliberate bugs, to show that the checker can fail: `npm run simulate:bugs` plants each and must find it. They stand
// between the keeper and its ports, or in the place of a gate, so that the keeper's own code knows nothing of them.
import { armBugs } from './armBugs.ts';
import type { Bug } from './bug.ts';
import { containmentBugs } from './containmentBugs.ts';
import { evidenceBugs } from './evidenceBugs.ts';
import { gateBugs } from './gateBugs.ts';
import { nodeBugs } from './nodeBugs.ts';
import { policyBugs } from './policyBugs.ts';
import { ringBugs } from './ringBugs.ts';
import { storageBugs } from './storageBugs.ts';
import { topicBugs } from './topicBugs.ts';

export const bugs: readonly Bug[] = [
  ...gateBugs,
  ...storageBugs,
  ...armBugs,
  ...nodeBugs,
  ...topicBugs,
  ...ringBugs,
  ...policyBugs,
  ...evidenceBugs,
  ...containmentBugs,
];
