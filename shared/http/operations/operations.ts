// Every HTTP operation: its route, the schemas of what it takes and answers, and examples. openApi.ts makes the document
// of this table, and all tests check answers against that.
import { type Route, type RouteName, routes } from '../routes.ts';
import { aboutTheApp } from './app.ts';
import { onHistory } from './history.ts';
import { onHolds } from './hold.ts';
import { onNodePools } from './nodePool.ts';
import type { Operation, OperationTexts } from './operation.ts';
import { onPolicy } from './policy.ts';
import { onReports } from './report.ts';
import { onWindows } from './window.ts';

const texts: Readonly<Record<RouteName, OperationTexts>> = {
  ...onHistory,
  ...onNodePools,
  ...onWindows,
  ...onPolicy,
  ...onHolds,
  ...onReports,
  ...aboutTheApp,
};

export const operations: readonly Operation[] = (Object.entries(routes) as [RouteName, Route][]).map(
  ([name, route]) => ({ name, ...route, ...texts[name] }),
);
