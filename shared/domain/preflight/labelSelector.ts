// Whether a label selector matches a pod, as Kubernetes has it. Called by the checks on PodDisruptionBudgets.
import type { LabelSelector, Pod } from '../nodes/kubernetesObjects.ts';

/** An unknown operator counts as matching, so that nothing is overlooked. */
export function selectsLabels({ matchLabels, matchExpressions }: LabelSelector, labels: Pod['labels']): boolean {
  const hasAll = Object.entries(matchLabels).every(([label, value]) => labels[label] === value);
  return (
    hasAll &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = labels[key];
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return true;
      }
    })
  );
}
