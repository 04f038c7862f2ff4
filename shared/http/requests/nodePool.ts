// What the operations on node pools, preflight and the report take. Called by the table of operations.
import { z } from 'zod';
import { parseIsoWeek } from '../../domain/report/isoWeek.ts';
import {
  ClusterFilter,
  give,
  giveBody,
  instant,
  Name,
  namesCluster,
  orNull,
  PathName,
  pageQuery,
  parsed,
  quoted,
} from './values.ts';

export const PoolQuery = z.strictObject({ cluster: ClusterFilter.optional(), nodePool: Name.optional() });

export const DecisionsPath = z.object({
  subscription: PathName,
  resourceGroup: PathName,
  cluster: PathName,
  nodePool: PathName,
});

export const DecisionsQuery = pageQuery(/^\d{15}$/);

/** Its handler parses it. */
export const ImagePath = z.object({ nodeImageVersion: z.string() });

/** `at`: now or later; without it the plan is what the last pass decided. */
export const PlanQuery = PoolQuery.extend({ at: instant('the moment to plan for').optional() });

const expectedWeek = 'an ISO week, for example 2026-W47, or leave it out for the last one that is over';

export const ReportQuery = z.strictObject({
  week: parsed((text) => parseIsoWeek(String(text)), quoted(expectedWeek)).optional(),
  format: z.enum(['json', 'csv', 'html'], { error: quoted('json, csv or html') }).default('json'),
});

const cluster = give("a cluster's name, a pattern like shop-*, or the ARM id of a managed cluster");

export const PreflightBody = z.strictObject(
  {
    cluster: z.string({ error: cluster }).refine(namesCluster, { error: cluster }),
    nodePool: orNull(Name),
  },
  giveBody('an object of cluster and nodePool'),
);
