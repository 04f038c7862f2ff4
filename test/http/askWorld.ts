// What the HTTP API answers in a test world: its own functions, over the world's tables and clock. Called by world.ts when
// a test has let something happen, so that whatever it brings about is held against the OpenAPI document.
import { handler as getHistory } from '../../functions/getHistory.ts';
import { handler as getNodePools } from '../../functions/getNodePools.ts';
import { handler as getPlan } from '../../functions/getPlan.ts';
import { handler as getPolicyLint } from '../../functions/getPolicyLint.ts';
import { handler as getReport } from '../../functions/getReport.ts';
import { handler as getWindows } from '../../functions/getWindows.ts';
import { handler as verifyHistory } from '../../functions/verifyHistory.ts';
import { replaceParts } from '../../shared/composition.ts';
import type { Decision } from '../../shared/domain/plan/decision.ts';
import type { NodePoolRow } from '../../shared/http/nodePoolRow.ts';
import type { Dependencies } from '../../shared/usecases/dependencies.ts';
import { call, callText } from '../functions/request.ts';

const decided = [
  ['/api/nodepools', getNodePools],
  ['/api/plan', getPlan],
] as const;
const standing = [
  ...decided,
  ['/api/history?kind=transition,rolled,firstSeen,gap,gone&limit=1000', getHistory],
  ['/api/history?kind=ledger&format=ndjson', getHistory],
  ['/api/history/verify', verifyHistory],
  ['/api/policy/lint', getPolicyLint],
  ['/api/report', getReport],
  ['/api/windows', getWindows],
] as const;

function compose(dependencies: Dependencies): void {
  process.env['SUBSCRIPTION_IDS'] = dependencies.subscriptions.join(',');
  process.env['AzureWebJobsStorage'] = 'UseDevelopmentStorage=true';
  replaceParts(dependencies);
}

/** Asks for everything that stands. */
export async function askAll(dependencies: Dependencies): Promise<void> {
  compose(dependencies);
  for (const [path, handler] of standing) await callText(handler, path);
}

/** Asks for what a pass has decided. */
export async function askDecided(dependencies: Dependencies): Promise<void> {
  compose(dependencies);
  for (const [path, handler] of decided) await callText(handler, path);
}

/** The rows of `GET /api/nodepools`. */
export async function askNodePools(dependencies: Dependencies): Promise<readonly NodePoolRow[]> {
  compose(dependencies);
  const { body } = await call(getNodePools, '/api/nodepools');
  return body['value'] as readonly NodePoolRow[];
}

/** The decisions of `GET /api/plan`. */
export async function askPlan(dependencies: Dependencies): Promise<readonly Decision[]> {
  compose(dependencies);
  const { body } = await call(getPlan, '/api/plan');
  return body['value'] as readonly Decision[];
}
