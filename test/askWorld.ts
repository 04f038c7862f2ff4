// What the HTTP API answers in a test world: its own functions, over the world's tables and clock. Called by world.ts when
// a test has let something happen, so that whatever it brings about is held against the OpenAPI document.
import { handler as getHistory } from '../functions/getHistory.ts';
import { handler as getNodePools } from '../functions/getNodePools.ts';
import { handler as getPlan } from '../functions/getPlan.ts';
import { replaceParts } from '../shared/composition.ts';
import type { Dependencies } from '../shared/usecases/dependencies.ts';
import { call } from './functions/request.ts';

const handlers = { '/api/history?limit=1000': getHistory, '/api/nodepools': getNodePools, '/api/plan': getPlan };

/** The `value` of each list. */
export async function askWorld(
  dependencies: Dependencies,
  path: keyof typeof handlers,
): Promise<readonly Record<string, unknown>[]> {
  process.env['SUBSCRIPTION_IDS'] = dependencies.subscriptions.join(',');
  process.env['AzureWebJobsStorage'] = 'UseDevelopmentStorage=true';
  replaceParts(dependencies);
  const { body } = await call(handlers[path], path);
  return body['value'] as readonly Record<string, unknown>[];
}

/** Asks for everything that stands. */
export async function askAll(dependencies: Dependencies): Promise<void> {
  for (const path of Object.keys(handlers) as (keyof typeof handlers)[]) await askWorld(dependencies, path);
}
