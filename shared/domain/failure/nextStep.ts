// What the keeper does after a failure, in one sentence: what the gates and starterVerdict decide. Called by explainFailure.
import type { Outcome } from '../ledger/ledger.ts';
import { type FailureClass, maxFailures, type StarterReason } from './failure.ts';

export type FailedWork =
  /** ARM refused the start; the starter's verdict says until when that holds. */
  | { readonly kind: 'refused'; readonly reason: StarterReason; readonly retryAt: string }
  | {
      readonly kind: 'attempt';
      readonly outcome: Outcome;
      readonly to: string;
      /** The pool names another image than before, though its roll failed. */
      readonly isMoved: boolean;
      readonly failures?: number;
    }
  | { readonly kind: 'others' };

export function nextStep(failureClass: FailureClass, work: FailedWork): string {
  if (failureClass === 'nodesBehind')
    return 'Nothing is started on the pool until its nodes run the image that it names.';
  if (work.kind === 'refused') return afterRefusal(failureClass, work.reason, work.retryAt);
  return work.kind === 'attempt' && work.outcome === 'failed'
    ? afterAttempt(work.to, work.isMoved, work.failures)
    : 'Repair the pool: nothing is started until its state is Succeeded.';
}

function afterAttempt(to: string, isMoved: boolean, failures: number | undefined): string {
  if (isMoved) return `The pool already names ${to}, so the keeper awaits a newer release.`;
  if (failures !== undefined && failures >= maxFailures) {
    return `The keeper has made ${failures} attempts at ${to} without success, and awaits a newer release.`;
  }
  return `The keeper makes up to ${maxFailures} attempts at a release, each in a later occurrence of the window, and then awaits a newer one.`;
}

function afterRefusal(failureClass: FailureClass, reason: StarterReason, retryAt: string): string {
  if (reason === 'unsupportedPool') return `The keeper may try again once a week, next from ${retryAt}.`;
  const again = `The keeper may try again from ${retryAt}`;
  if (reason === 'clusterBusy') return `${again}, and waits longer after each such refusal, up to an hour.`;
  return failureClass === 'throttled' ? `${again}, when ARM takes requests again.` : `${again}.`;
}
