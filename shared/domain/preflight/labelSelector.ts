// Whether a label selector matches a pod, as Kubernetes has it. Called by the checks on PodDisruptionBudgets.
import type { LabelSelector, Pod } from '../nodes/kubernetesObjects.ts';

type Operator = (value: string | undefined, values: readonly string[]) => boolean;

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['In', (value, values) => value !== undefined && values.includes(value)],
  ['NotIn', (value, values) => value === undefined || !values.includes(value)],
  ['Exists', (value) => value !== undefined],
  ['DoesNotExist', (value) => value === undefined],
]);

/** An unknown operator counts as matching, so that nothing is overlooked. */
export function selectsLabels({ matchLabels, matchExpressions }: LabelSelector, labels: Pod['labels']): boolean {
  return (
    Object.entries(matchLabels).every(([label, value]) => labels[label] === value) &&
    matchExpressions.every(({ key, operator, values }) => operators.get(operator)?.(labels[key], values) ?? true)
  );
}
