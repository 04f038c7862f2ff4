// A failure in plain words. Called by the gates, by explainRow for the history, and by describeEntry for the log.
import type { PoolName } from './azCommands.ts';
import { classifyFailure } from './classifyFailure.ts';
import type { ArmFailure, FailureClass } from './failure.ts';
import { lookInside } from './lookInside.ts';
import { type FailedWork, nextStep } from './nextStep.ts';
import { remedies } from './remedies.ts';

export type Explanation = ReturnType<typeof explainFailure>;

/** @param pool what it befell, to be named in commands */
export function explainFailure(failure: ArmFailure, work: FailedWork, pool: PoolName) {
  const found = classOf(failure, work);
  const remedy = remedies[found](lookInside(failure).text, failure.code, pool).toWellFormed();
  const { code, message } = failure;
  return { class: found, remedy, next: nextStep(found, work), raw: { code, message } };
}

/** A conflict that outlived every operation is not another operation. */
function classOf(failure: ArmFailure, work: FailedWork): FailureClass {
  const found = classifyFailure(failure);
  const isEndless = work.kind === 'refused' && work.reason === 'unsupportedPool';
  return isEndless && found === 'otherOperation' ? 'unsupportedPool' : found;
}
