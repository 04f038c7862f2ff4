// What to do about a failed drain: a PodDisruptionBudget that allowed no eviction, or a pod that did not end. Called by remedies.
import { named } from '../text/messageOf.ts';
import { factIn } from './lookInside.ts';

const maxNamed = 3;

export function podDrain(text: string): string {
  const budgets = budgetsIn(text);
  const node = factIn(text, /drain (?:of |node )?([\w.-]{1,80}) (?:failed|did not)/i);
  const where = node ? ` on node ${node}` : '';
  if (budgets.length === 0) {
    return `A pod${where} could not be evicted: look for PodDisruptionBudgets that allow no disruption (kubectl get pdb -A), and for pods that do not end.`;
  }
  const what = budgets.length === 1 ? 'PodDisruptionBudget' : 'PodDisruptionBudgets';
  return `${what} ${named(budgets, maxNamed)} kept pods${where} from being evicted: let a disruption be allowed, with more ready replicas or a lower minAvailable.`;
}

function budgetsIn(text: string): readonly string[] {
  // "{namespace}/{pod} blocked by pdb {name}", once for each pod.
  const parts = text.split(/ blocked by pdb /i);
  const blocking = parts.slice(1).map((rest, index) => {
    const name = factIn(rest, /^([\w./-]{1,300})/)?.replace(/[./-]+$/, '') ?? '';
    const pod = parts[index]?.split(' ').at(-1) ?? '';
    const namespace = /^[\w.-]{1,80}\/[\w.-]/.test(pod) ? pod.slice(0, pod.indexOf('/')) : undefined;
    return name.includes('/') || namespace === undefined ? name : `${namespace}/${name}`;
  });
  // "PDB {namespace}/{name} has maxunavailble == 0 can't proceed with put operation": refused before the drain.
  const refused = [...text.matchAll(/\bpdb ([\w.-]{1,80}\/[\w.-]{1,300}) has /gi)].map(([, name = '']) => name);
  return [...new Set([...blocking, ...refused].filter((name) => name !== ''))];
}
