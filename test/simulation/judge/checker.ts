// The independent judge of a run: what happened against what was promised. Shares no code with the keeper. Called by
// main.ts, bugsMain.ts and the tests.
import type { RunRecord, Violation } from '../record/record.ts';
import { judgeHarm } from './judgeHarm.ts';
import { judgeFailures, judgeMessages } from './judgeMessages.ts';
import { judgeLedger } from './ledger/judgeLedger.ts';
import { judgeNotifications } from './ledger/judgeNotifications.ts';
import { judgeAttempts } from './starts/judgeAttempts.ts';
import { judgeConcurrency } from './starts/judgeConcurrency.ts';
import { judgeFailureLimit } from './starts/judgeFailureLimit.ts';
import { judgePosts } from './starts/judgePosts.ts';
import { judgeFirstReason } from './waits/judgeFirstReason.ts';
import { judgeWaits, type Waits } from './waits/judgeWaits.ts';

export type Verdict = { readonly violations: readonly Violation[]; readonly waits: Waits; readonly promotions: number };

export function check(record: RunRecord): Verdict {
  const waits = judgeWaits(record);
  const posts = judgePosts(record);
  return {
    waits,
    promotions: posts.promotions,
    violations: [
      ...posts.violations,
      ...[...record.ledgers].flatMap(([key, ledger]) => judgeLedger(record, key, ledger)),
      ...judgeAttempts(record),
      ...judgeFailures(record),
      ...judgeMessages(record),
      ...judgeHarm(record),
      ...judgeConcurrency(record),
      ...judgeFailureLimit(record),
      ...judgeNotifications(record),
      ...waits.violations,
      ...judgeFirstReason(record),
    ],
  };
}
