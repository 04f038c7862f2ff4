// A ledger entry in a line of the log. Called by whoever appends one.
import { failureOf } from '../../domain/failure/explainRow.ts';
import { imageNote } from '../../domain/failure/imageNote.ts';
import type { Entry, RollEntry } from '../../domain/ledger/ledger.ts';

export function describeEntry(entry: Entry): string {
  const cluster = entry.cluster.slice(entry.cluster.lastIndexOf('/') + 1).toLowerCase();
  const where = `${cluster}${entry.nodePool ? `/${entry.nodePool}` : ''}`;
  switch (entry.kind) {
    case 'firstSeen':
      return `First seen: ${where} on ${entry.nodeImageVersion}.`;
    case 'gone':
      return `Gone: ${where}. ${entry.reason}`;
    case 'gap':
      return `Gap: ${where} stood in no list from ${entry.unseenFrom} to ${entry.unseenTo}. ${entry.reason}`;
    case 'rolled':
      return `Rolled, image unchanged: ${where} on ${entry.to}, ${entry.outcome}.${explained(entry)}`;
    case 'transition':
      return `Transition: ${where} from ${entry.from} to ${entry.to}, ${entry.outcome}, cause ${entry.cause}, in window: ${entry.inWindow}.${explained(entry)}`;
    case 'amendment':
      return `Amended: entry ${entry.amends} of ${where}, by ${entry.source.name} ${entry.source.id}.`;
  }
}

function explained(entry: RollEntry): string {
  const found = failureOf(entry);
  const failure = found && `${found.class} (${found.code}): ${found.remedy} ${found.next}`;
  const note = entry.target === undefined ? undefined : imageNote(entry);
  return [note, failure].map((one) => (one === undefined ? '' : ` ${one}`)).join('');
}
