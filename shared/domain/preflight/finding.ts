// What a check of preflight is: it looks at one pool and says what it found, in plain words and with its facts. Shared by
// the checks and judgePreflight.
import type { NodePool } from '../cluster.ts';
import type { PreflightFacts } from './preflightFacts.ts';

export type Finding = {
  /** `notRun`: what it needs to know could not be read, or Azure does not say. */
  readonly result: 'passed' | 'failed' | 'notRun';
  /** The facts in plain words; where it failed also what to do. */
  readonly sentence: string;
  /** The same facts for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
};

export type Check = (facts: PreflightFacts) => Finding;

export function passed(sentence: string, facts: Finding['facts'] = {}): Finding {
  return { result: 'passed', sentence, facts };
}

export function failed(sentence: string, facts: Finding['facts'] = {}): Finding {
  return { result: 'failed', sentence, facts };
}

export function notRun(sentence: string, facts: Finding['facts'] = {}): Finding {
  return { result: 'notRun', sentence, facts };
}

export function unreadableSurge({ maxSurge }: NodePool): Finding {
  return notRun(`The pool's maxSurge is "${maxSurge}", which the keeper can't read.`, { maxSurge });
}

/** What to do where a read failed. */
export function remedyOf(check: string): string {
  return `If it stays so, give the keeper's role that read, or let the policy's preflight.${check} be "warn".`;
}

/** "1 address", "2 addresses". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
