// Every HTTP operation: its route, the schemas of what it takes and answers, and examples. trigger.ts reads requests by
// this table, openApi.ts makes the document of it, and all tests check answers against that.
import { type Route, type RouteName, routes } from '../routes.ts';
import { aboutTheApp } from './app.ts';
import { onHistory } from './history.ts';
import { onHolds } from './hold.ts';
import { onNodePools } from './nodePool.ts';
import type { Operation, OperationTexts } from './operation.ts';
import { onPolicy } from './policy.ts';
import { onReports } from './report.ts';
import { onWindows } from './window.ts';

export const texts = {
  ...onHistory,
  ...onNodePools,
  ...onWindows,
  ...onPolicy,
  ...onHolds,
  ...onReports,
  ...aboutTheApp,
} satisfies Readonly<Record<RouteName, OperationTexts>>;

export const operations: readonly Operation[] = (Object.entries(routes) as [RouteName, Route][]).map(
  ([name, route]) => ({ name, ...route, ...texts[name] }),
);
