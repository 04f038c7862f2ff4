// What the operations on node pools, preflight and the report take. Called by the table of operations.
import { z } from 'zod';
import { parseIsoWeek } from '../../domain/report/isoWeek.ts';
import {
  ClusterFilter,
  clusterMeans,
  give,
  giveBody,
  instant,
  Name,
  namesCluster,
  orNull,
  pageQuery,
  parsed,
  pathName,
  quoted,
} from './values.ts';

export const PoolQuery = z.strictObject({
  cluster: ClusterFilter.optional().describe(clusterMeans),
  nodePool: Name.optional().describe("A pool's name."),
});

export const DecisionsPath = z.object({
  subscription: pathName("The subscription's id."),
  resourceGroup: pathName("The cluster's resource group."),
  cluster: pathName("The cluster's name."),
  nodePool: pathName("The pool's name."),
});

export const DecisionsQuery = pageQuery(/^\d{15}$/);

/** Its handler parses it. */
export const ImagePath = z.object({
  nodeImageVersion: z.string().describe('Such as AKSUbuntu-2204gen2containerd-202512.18.0.'),
});

/** `at`: now or later; without it the plan is what the last pass decided. */
export const PlanQuery = PoolQuery.extend({
  at: instant(
    'the moment to plan for',
    'The moment to plan for, now or later; without: as the last pass decided.',
  ).optional(),
});

const expectedWeek = 'an ISO week, for example 2026-W47, or leave it out for the last one that is over';

export const ReportQuery = z.strictObject({
  week: parsed((text) => parseIsoWeek(String(text)), quoted(expectedWeek))
    .optional()
    .meta({ type: 'string', description: 'An ISO week, such as 2026-W47; without: the last one that is over.' }),
  format: z
    .enum(['json', 'csv', 'html'], { error: quoted('json, csv or html') })
    .default('json')
    .describe('The media type of the answer: application/json, text/csv or text/html.'),
});

const cluster = give("a cluster's name, a pattern like shop-*, or the ARM id of a managed cluster");

export const PreflightBody = z.strictObject(
  {
    cluster: z.string({ error: cluster }).refine(namesCluster, { error: cluster }),
    nodePool: orNull(Name),
  },
  giveBody('an object of cluster and nodePool'),
);
