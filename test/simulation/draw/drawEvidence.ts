// Who sends events that nobody should, and what the Activity Log shows of what was done. Used by drawOptions.ts.
import type { Draw } from './seed.ts';

export type EvidenceOptions = {
  /** Events that name somebody for what others did. */
  readonly forged: number;
  /** Before the quiet time the log can't be read, or is so much later than usual. */
  readonly isForbidden: boolean;
  readonly lateSeconds: number;
};

export function drawEvidence(draw: Draw, isClean: boolean): EvidenceOptions {
  const forged = draw.pick([0, 0, 5, 15]);
  const isForbidden = !isClean && draw.chance(0.25);
  const lateSeconds = isClean ? 0 : draw.pick([0, 0, 600, 1800]);
  return { forged, isForbidden, lateSeconds };
}

export function describeEvidence({ forged, isForbidden, lateSeconds }: EvidenceOptions): string {
  const log = isForbidden ? 'may not be read' : `is ${lateSeconds} s later than usual`;
  return `${forged} events are forged; the Activity Log ${log} until the quiet time`;
}
