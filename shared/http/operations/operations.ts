// Every HTTP operation by the name of its function: its route, the schemas of what it takes and answers, and examples.
// trigger.ts registers functions and reads requests by this table, openApi.ts makes the document of it, and all tests check
// answers against that.
import { aboutTheApp } from './app.ts';
import { onHistory } from './history.ts';
import { onHolds } from './hold.ts';
import { onNodePools } from './nodePool.ts';
import type { Operation } from './operation.ts';
import { onPolicy } from './policy.ts';
import { onReports } from './report.ts';
import { onWindows } from './window.ts';

export type OperationName = keyof typeof operationsByName;

export const operationsByName = {
  ...onHistory,
  ...onNodePools,
  ...onWindows,
  ...onPolicy,
  ...onHolds,
  ...onReports,
  ...aboutTheApp,
};

export const operations = Object.entries<Operation>(operationsByName).map(([name, one]) => ({ name, ...one }));
