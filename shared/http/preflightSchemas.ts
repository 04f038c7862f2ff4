// The body of POST /api/preflight, in which null stands for what is left out. Read by its trigger.
import { z } from 'zod';
import { parseClusterId } from '../domain/cluster/cluster.ts';
import { show } from '../domain/text/anyValue.ts';

const text = (what: string) => z.string({ error: (issue) => `is ${show(issue.input)}; give ${what}` });
const cluster = "a cluster's name, a pattern like shop-*, or the ARM id of a managed cluster";
const nodePool = "a pool's name, or leave it out for all pools";

export const PreflightBody = z.strictObject(
  {
    cluster: text(cluster).refine(
      (name) => name !== '' && (!name.startsWith('/') || parseClusterId(name) !== undefined),
      {
        error: (issue) => `is ${show(issue.input)}; give ${cluster}`,
      },
    ),
    nodePool: text(nodePool)
      .min(1, { error: `is empty; give ${nodePool}` })
      .nullish()
      .transform((name) => name ?? undefined),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? `is ${show(issue.input)}; give an object of cluster and nodePool` : undefined,
  },
);
