// The Kubernetes API's JSON -> the domain's shapes. Tolerant: what is not needed may be absent. Called by kubernetes.ts.
import { z } from 'zod';
import type { KubernetesNode, Pod, PodDisruptionBudget } from '../../domain/nodes/kubernetesObjects.ts';

const or = <T>(schema: z.ZodType<T>, fallback: T) => schema.nullish().transform((value) => value ?? fallback);
const Labels = or(z.record(z.string(), z.string()), {});
const Metadata = z.object({ name: z.string(), namespace: or(z.string(), ''), labels: Labels });

export const NodeShape = z
  .object({
    metadata: Metadata,
    spec: z
      .object({ unschedulable: z.boolean().nullish(), taints: z.array(z.object({ key: z.string() })).nullish() })
      .nullish(),
    status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() }).nullish(),
  })
  .transform(({ metadata: { name, labels }, spec, status }): KubernetesNode => {
    const isReady = status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
    const isTainted = spec?.taints?.some(({ key }) => key === 'node.cloudprovider.kubernetes.io/shutdown');
    return {
      name,
      nodeImageVersion: labels['kubernetes.azure.com/node-image-version'],
      isReady,
      isCordoned: spec?.unschedulable ?? false,
      isQuarantined: labels['kubernetes.azure.com/upgrade-status']?.toLowerCase() === 'quarantined',
      ...(isTainted && !isReady && { isShutDown: true }),
    };
  });

const Expression = z.object({ key: z.string(), operator: z.string(), values: or(z.array(z.string()), []) });
const Selector = z.object({ matchLabels: Labels, matchExpressions: or(z.array(Expression), []) });

export const PodDisruptionBudgetShape = z
  .object({
    metadata: Metadata,
    spec: z.object({ selector: Selector.nullish() }).nullish(),
    status: z.object({ disruptionsAllowed: z.number().nullish() }).nullish(),
  })
  .transform(
    ({ metadata: { name, namespace }, spec, status }): PodDisruptionBudget => ({
      namespace,
      name,
      disruptionsAllowed: status?.disruptionsAllowed ?? undefined,
      selector: spec?.selector ?? undefined,
    }),
  );

const Owner = z.object({ kind: z.string(), name: z.string(), controller: z.boolean().nullish() });

export const PodShape = z
  .object({
    metadata: Metadata.extend({ ownerReferences: z.array(Owner).nullish() }),
    spec: z.object({ nodeName: z.string().nullish() }).nullish(),
    status: z.object({ phase: z.string().nullish() }).nullish(),
  })
  .transform(({ metadata: { name, namespace, labels, ownerReferences }, spec, status }): Pod => {
    const owner = ownerReferences?.find(({ controller }) => controller === true);
    return {
      namespace,
      name,
      node: spec?.nodeName ?? undefined,
      phase: status?.phase ?? 'Unknown',
      labels,
      controller: owner && { kind: owner.kind, name: owner.name },
    };
  });
