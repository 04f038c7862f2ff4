// What a run writes down as it goes, for the judges and for people. Made by world/stage.ts.
import type { Flooded, Forged, Harm } from './harms.ts';
import type { Claim, Invocation, Listed, Post, Shown } from './record.ts';
import { listedBy, shownBy } from './shown.ts';

export type Notes = {
  readonly claims: Claim[];
  readonly posts: Post[];
  readonly shown: Shown[];
  readonly listed: Listed[];
  readonly forged: Forged[];
  readonly harms: Harm[];
  readonly floods: Flooded[];
  /** What happened, a line each with its time. */
  readonly trace: string[];
  readonly say: (line: string) => void;
};

export function createNotes(now: () => number): Notes {
  const trace: string[] = [];
  const attempts = new Map<string, number>();
  // The ids of attempts are random for real, and nothing but them is.
  const numbered = (line: string) =>
    line.replaceAll(/(ttempt |failures-)([0-9a-f]{8}-[0-9a-f-]{27})/g, (_, word: string, id: string) => {
      attempts.set(id, attempts.get(id) ?? attempts.size + 1);
      return `${word}${attempts.get(id)}`;
    });
  return {
    claims: [],
    posts: [],
    shown: [],
    listed: [],
    forged: [],
    harms: [],
    floods: [],
    trace,
    say: (line) => void trace.push(`${new Date(now()).toISOString().slice(0, 19)}Z ${numbered(line)}`),
  };
}

/** How an invocation ended, and what ARM had shown it. */
export function noteEnd(notes: Notes, invocation: Invocation): void {
  const { name, id, outcome, error } = invocation;
  if (outcome !== 'done') notes.say(`  ${name} ${id} ${outcome}${error ? `: ${error}` : ''}`);
  notes.listed.push(...listedBy(invocation));
  notes.shown.push(...shownBy(invocation, notes.claims));
}

export function openClaims({ claims }: Notes): number {
  let open = 0;
  for (const { kind } of claims) open += kind === 'inserted' ? 1 : kind === 'removed' ? -1 : 0;
  return open;
}
