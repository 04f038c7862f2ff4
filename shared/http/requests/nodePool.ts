// What the operations on node pools, preflight and the report take. Called by the table of operations.
import { z } from 'zod';
import { parseIsoWeek } from '../../domain/report/isoWeek.ts';
import { ClusterFilter, give, giveBody, instant, Name, namesCluster, orNull, parsed, quoted } from './values.ts';

export const PoolQuery = z.strictObject({ cluster: ClusterFilter.optional(), nodePool: Name.optional() });

/** `at`: now or later; without it the plan is what the last pass decided. */
export const PlanQuery = PoolQuery.extend({ at: instant('the moment to plan for').optional() });

const expectedWeek = 'an ISO week, for example 2026-W47, or leave it out for the last one that is over';

export const ReportQuery = z.strictObject({
  week: parsed((text) => parseIsoWeek(String(text)), quoted(expectedWeek)).optional(),
  format: z.enum(['json', 'csv', 'html'], { error: quoted('json, csv or html') }).default('json'),
});

const cluster = give("a cluster's name, a pattern like shop-*, or the ARM id of a managed cluster");
const nodePool = "a pool's name, or leave it out for all pools";

export const PreflightBody = z.strictObject(
  {
    cluster: z.string({ error: cluster }).refine((name) => name !== '' && namesCluster(name), { error: cluster }),
    nodePool: orNull(z.string({ error: give(nodePool) }).min(1, { error: `is empty; give ${nodePool}` })),
  },
  giveBody('an object of cluster and nodePool'),
);
