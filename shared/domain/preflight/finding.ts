// What a check of preflight is: it looks at one pool and says what it found. Shared by the checks and judgePreflight.
import type { NodePool } from '../cluster/cluster.ts';
import { unknownBatch } from '../cluster/estimate.ts';
import type { KubernetesNode } from '../nodes/kubernetesObjects.ts';
import { withoutFullStop } from '../text/messageOf.ts';
import type { KubernetesReads, PreflightFacts } from './preflightFacts.ts';

export type Finding = {
  /** `notRun`: what it needs to know could not be read, or Azure does not say. */
  readonly result: 'passed' | 'failed' | 'notRun';
  readonly sentence: string;
  readonly facts: Readonly<Record<string, unknown>>;
};

export type Check = (facts: PreflightFacts) => Finding;

const finding =
  (result: Finding['result']) =>
  (sentence: string, facts: Finding['facts'] = {}): Finding => ({ result, sentence, facts });
export const passed = finding('passed');
export const failed = finding('failed');
export const notRun = finding('notRun');

export function unknownSurge(pool: NodePool): Finding {
  return notRun(unknownBatch(pool) ?? 'The surge nodes of the pool are not known.', { maxSurge: pool.maxSurge });
}

export function unread(check: string, what: string, problem: string, facts: Finding['facts'] = {}): Finding {
  const remedy = `If it stays so, give the keeper's role that read, or let the policy's preflight.${check} be "warn".`;
  return notRun(`${what} could not be read (${withoutFullStop(problem)}). ${remedy}`, { ...facts, problem });
}

export function unreadKubernetes(check: string, problem = 'the policy does not let it be asked'): Finding {
  const sentence = `The cluster's Kubernetes API could not be read: ${problem}. Let the policy's preflight.${check} be "warn" if it stays so.`;
  return notRun(sentence, { problem });
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The pool's nodes. None where the pool has some is no answer: nothing could be said of what runs on them. */
export function nodesOf(
  kubernetes: KubernetesReads | undefined,
  { count }: NodePool,
): { readonly value: readonly KubernetesNode[] } | { readonly problem: string | undefined } {
  if (!kubernetes) return { problem: undefined };
  if ('problem' in kubernetes.nodes) return kubernetes.nodes;
  const { value = [] } = kubernetes.nodes;
  const had = count === undefined ? '' : `${count} `;
  return value.length === 0 && count !== 0 ? { problem: `it shows none of the pool's ${had}nodes` } : { value };
}
