// The Kubernetes API's JSON -> the domain's shapes. Tolerant: what is not needed may be absent. Called by kubernetes.ts.
import { z } from 'zod';
import type { KubernetesNode, LabelSelector, Pod, PodDisruptionBudget } from '../../domain/nodes/kubernetesObjects.ts';

const Labels = z.record(z.string(), z.string()).nullish();
const Metadata = z.object({ name: z.string(), namespace: z.string().nullish(), labels: Labels });

export const NodeShape = z
  .object({
    metadata: Metadata,
    spec: z.object({ unschedulable: z.boolean().nullish() }).nullish(),
    status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() }).nullish(),
  })
  .transform(({ metadata: { name, labels }, spec, status }): KubernetesNode => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return {
      name,
      nodeImageVersion: labels?.['kubernetes.azure.com/node-image-version'],
      isReady: ready?.status === 'True',
      isCordoned: spec?.unschedulable ?? false,
      isQuarantined: labels?.['kubernetes.azure.com/upgrade-status']?.toLowerCase() === 'quarantined',
    };
  });

const Selector = z
  .object({
    matchLabels: Labels,
    matchExpressions: z
      .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
      .nullish(),
  })
  .transform(
    ({ matchLabels, matchExpressions }): LabelSelector => ({
      matchLabels: matchLabels ?? {},
      matchExpressions: (matchExpressions ?? []).map((one) => ({ ...one, values: one.values ?? [] })),
    }),
  );

export const PodDisruptionBudgetShape = z
  .object({
    metadata: Metadata,
    spec: z.object({ selector: Selector.nullish() }).nullish(),
    status: z.object({ disruptionsAllowed: z.number().nullish() }).nullish(),
  })
  .transform(
    ({ metadata: { name, namespace }, spec, status }): PodDisruptionBudget => ({
      namespace: namespace ?? '',
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
      namespace: namespace ?? '',
      name,
      node: spec?.nodeName ?? undefined,
      phase: status?.phase ?? 'Unknown',
      labels: labels ?? {},
      controller: owner && { kind: owner.kind, name: owner.name },
    };
  });
