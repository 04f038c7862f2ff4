// The body of POST /api/preflight, in which null stands for what is left out. Called by its trigger.
import { z } from 'zod';
import { give, giveBody, namesCluster } from './values.ts';

const cluster = "a cluster's name, a pattern like shop-*, or the ARM id of a managed cluster";
const nodePool = "a pool's name, or leave it out for all pools";

export const PreflightBody = z.strictObject(
  {
    cluster: z
      .string({ error: give(cluster) })
      .refine((name) => name !== '' && namesCluster(name), { error: give(cluster) }),
    nodePool: z
      .string({ error: give(nodePool) })
      .min(1, { error: `is empty; give ${nodePool}` })
      .nullish()
      .transform((name) => name ?? undefined),
  },
  giveBody('an object of cluster and nodePool'),
);
