// Whether the keeper may ask the clusters' own Kubernetes APIs. Part of the policy; read by proof, progress and preflight.
import { z } from 'zod';
import { fields } from '../text/fieldProblems.ts';

export const KubernetesPolicy = fields({
  enabled: z.boolean({ error: 'true or false' }).meta({
    description:
      'true: nodes, pods and PodDisruptionBudgets are read from the Kubernetes API, for which the identity needs a role. false, the default: nothing asks it.',
  }),
});
export type KubernetesPolicy = z.infer<typeof KubernetesPolicy>;
