// Every HTTP operation by the name of its function. Triggers, the OpenAPI document and the tests go by this table.
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
