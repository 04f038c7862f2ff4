// Every HTTP operation by the name of its function. Triggers, the OpenAPI document and the tests go by this table.
import { aboutTheApp } from './app.ts';
import { onHistory } from './history.ts';
import { onHolds } from './hold.ts';
import { onNodePools } from './nodePool.ts';
import type { Operation } from './operation.ts';
import { onPolicy } from './policy.ts';
import { onReports } from './report.ts';
import { type OperationName, type Route, routes } from './routes.ts';
import { onWindows } from './window.ts';

export const operationsByName = {
  ...onHistory,
  ...onNodePools,
  ...onWindows,
  ...onPolicy,
  ...onHolds,
  ...onReports,
  ...aboutTheApp,
} satisfies Readonly<Record<OperationName, Operation>>;

export type NamedOperation = Operation & Route & { readonly name: string };

export const operations = Object.entries<Operation>(operationsByName).map(([name, one]): NamedOperation => {
  const route: Route = routes[name as OperationName];
  return { name, ...route, ...one };
});
