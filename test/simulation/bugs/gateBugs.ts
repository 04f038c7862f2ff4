// Deliberate bugs in the gates: each removed in turn, and some that let too much or too little pass. Part of the list in bugs.ts.
import { gateOrder } from '../../../shared/domain/plan/decision.ts';
import type { Gate } from '../../../shared/domain/plan/gate.ts';
import { gates } from '../../../shared/domain/plan/gates.ts';
import { isOtherFamily } from '../judge/own/images.ts';
import { type Bug, noBug } from './bug.ts';

type GateName = keyof typeof gates;

export const lets: Gate = () => undefined;

/** Without estimateUnknown the plan trips over a start that has no estimate, and still starts nothing. poolOrder is no gate, and a limit that the gate lets pass is kept by the store: see policyBugs.ts. */
const judgedElsewhere = new Set<string>(['poolOrder', 'concurrencyLimit', 'estimateUnknown']);

const removed: readonly Bug[] = gateOrder
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

export const gateBugs: readonly Bug[] = [
  ...removed,
  { ...noBug, name: 'window edges not shrunk', gates: { outsideWindow: withoutEdges } },
  {
    ...noBug,
    name: 'window closed at its end, not before',
    gates: { outsideWindow: withoutEdges, windowClosing: lets },
  },
  { ...noBug, name: 'order always from the first pool', gates: { alreadyStartedThisWindow: onlyTheFirst } },
  { ...noBug, name: 'rollbacks forgotten across families', gates: { rolledBack: forgetsAcrossFamilies } },
];
