// Deliberate bugs, to show that the checker can fail: `npm run simulate:bugs` plants each and must find it. They stand
// between the keeper and its ports, or in the place of a gate, so that the keeper's own code knows nothing of them.
import { gateOrder } from '../../../shared/domain/plan/decision.ts';
import type { Gate } from '../../../shared/domain/plan/gate.ts';
import { gates } from '../../../shared/domain/plan/gates.ts';
import { isOtherFamily } from '../judge/own/images.ts';
import { type Bug, noBug } from './bug.ts';
import { ringBugs } from './ringBugs.ts';
import { allNodesAlike, budgetsNeverBlock, unreadTakenForEmpty } from './wrongKubernetes.ts';
import {
  allInstancesAlike,
  eTagsNeverChange,
  goneWhenNotListed,
  headAfterArm,
  intentAfterRequest,
  ledgerWithoutETags,
  looksOnceForRefusals,
  neverNotesLists,
  neverProjectsLater,
  oneReadOfTheClock,
  projectsTwice,
  readsFactsFromStorage,
  retriesInTheSdk,
  secondIntentOverTheFirst,
  trustsHints,
  unclearIsRefused,
} from './wrongPorts.ts';
import { notesBeforeTelling, takesNoForYes } from './wrongTopic.ts';

type GateName = keyof typeof gates;

const lets: Gate = () => undefined;

/** poolOrder is no gate, and a limit that the gate lets pass is kept by the store: see ringBugs.ts. */
const judgedElsewhere = new Set<string>(['poolOrder', 'concurrencyLimit']);

const gateBugs: readonly Bug[] = gateOrder
  .filter((reason): reason is GateName => !judgedElsewhere.has(reason))
  .map((reason) => ({ ...noBug, name: `gate ${reason} removed`, gates: { [reason]: lets } }));

/** A pool that went to another family when it was rolled back is taken for one that was not. */
const { rolledBack } = gates;
const forgetsAcrossFamilies: Gate = (context) => {
  const { latest, head } = context;
  const isAcross = !('problem' in latest) && isOtherFamily(latest.value ?? '', head?.rolledBackFrom ?? '');
  return isAcross ? undefined : rolledBack(context);
};

/** Only the pool that ARM names first may start, as long as it is due. */
const onlyTheFirst: Gate = ({ facts, pool }) => {
  const first = facts.cluster.nodePools.find(({ name, nodeImageVersion }) => {
    const latest = facts.latest[name.toLowerCase()];
    return latest && !('problem' in latest) && latest.value !== nodeImageVersion;
  });
  return first && first.name !== pool.name ? { sentence: `Pool ${first.name} goes first.` } : undefined;
};

/** From the very opening to the very end, and an instant more. */
const withoutEdges: Gate = ({ window }) =>
  window.kind === 'window' && window.at.state === 'closed' ? { sentence: 'The window is closed.' } : undefined;

export const bugs: readonly Bug[] = [
  ...gateBugs,
  { ...noBug, name: 'window edges not shrunk', gates: { outsideWindow: withoutEdges } },
  {
    ...noBug,
    name: 'window closed at its end, not before',
    gates: { outsideWindow: withoutEdges, windowClosing: lets },
  },
  { ...noBug, name: 'order always from the first pool', gates: { alreadyStartedThisWindow: onlyTheFirst } },
  { ...noBug, name: 'rollbacks forgotten across families', gates: { rolledBack: forgetsAcrossFamilies } },
  { ...noBug, name: 'intent after the request', dependencies: intentAfterRequest },
  { ...noBug, name: 'a second intent over the first', dependencies: secondIntentOverTheFirst },
  { ...noBug, name: 'refusals looked for before the intent alone', dependencies: looksOnceForRefusals },
  { ...noBug, name: 'SDK retries left on', transport: retriesInTheSdk },
  { ...noBug, name: 'head read after ARM', dependencies: headAfterArm },
  { ...noBug, name: 'ledger written without ETags', dependencies: ledgerWithoutETags },
  { ...noBug, name: 'history rows not deduplicated', dependencies: projectsTwice },
  { ...noBug, name: 'projection message not sent', dependencies: neverProjectsLater },
  { ...noBug, name: 'no second read of the clock', dependencies: oneReadOfTheClock },
  { ...noBug, name: 'starts on stored facts', dependencies: readsFactsFromStorage() },
  { ...noBug, name: 'unclear treated as refused', dependencies: unclearIsRefused },
  { ...noBug, name: 'eTag ignored for notStarted', dependencies: eTagsNeverChange },
  {
    ...noBug,
    name: 'gaps in observation not told',
    dependencies: (honest) => ({ ...honest, gapMinutes: 1_000_000 }),
  },
  { ...noBug, name: 'short pauses told as gaps', dependencies: (honest) => ({ ...honest, gapMinutes: 1 }) },
  { ...noBug, name: 'a list not noted, so that gaps grow', dependencies: neverNotesLists },
  { ...noBug, name: 'not listed taken as gone', dependencies: goneWhenNotListed() },
  { ...noBug, name: 'one instance taken for all', dependencies: allInstancesAlike },
  { ...noBug, name: 'check podDisruptionBudgets always passes', dependencies: budgetsNeverBlock },
  { ...noBug, name: 'a Kubernetes API that is not read taken for empty', dependencies: unreadTakenForEmpty },
  { ...noBug, name: 'one node taken for all', dependencies: allNodesAlike },
  { ...noBug, name: 'hint trusted without a read', dependencies: trustsHints },
  { ...noBug, name: 'notifications noted before they are told', dependencies: notesBeforeTelling },
  { ...noBug, name: 'topic that fails taken to have taken', dependencies: takesNoForYes },
  ...ringBugs,
];
