// `npm run simulator -- fault …`: lets a fault happen in a simulator that runs. Called by simulatorMain.ts.

import { jsonIn } from '../../shared/domain/text/jsonIn.ts';
import { causeOf } from '../http/causeOf.ts';
import { faultsPath } from './controlRoute.ts';

/**
 * Sends the fault that the words describe, or without any lists those in force. Returns what to print.
 * @param words the kind, then `field=value` (`on.path=…` for a field within a field); or the fault as JSON
 */
export async function sendFault(words: readonly string[], url: string): Promise<string> {
  const response = await fetch(`${url.replace(/\/$/, '')}${faultsPath}`, {
    ...(words.length > 0 && { method: 'POST', body: JSON.stringify(toFault(words)) }),
  }).catch((error: Error) => {
    throw new Error(`No simulator takes faults at ${url}: ${causeOf(error)}. Give its URL with --to.`);
  });
  const { value = [], problems = [] } = (await response.json()) as { value?: object[]; problems?: string[] };
  if (!response.ok) throw new Error(problems.join('\n'));
  if (value.length === 0) return 'No fault is in force.';
  return value.map((fault) => JSON.stringify(fault)).join('\n');
}

function toFault([kind = '', ...fields]: readonly string[]): unknown {
  if (kind.startsWith('{') || kind.startsWith('[')) return JSON.parse(kind);
  const fault: Record<string, unknown> = { kind };
  for (const field of fields) {
    const { name = '', inner, value } = fieldPattern.exec(field)?.groups ?? {};
    if (value === undefined) throw new Error(`"${field}" is not field=value, for example cluster=production.`);
    // Numbers and lists as JSON has them; all else is text.
    const read = jsonIn(value) ?? value;
    fault[name] = inner === undefined ? read : { ...(fault[name] as object | undefined), [inner]: read };
  }
  return fault;
}

const fieldPattern = /^(?<name>[^=.]*)(?:\.(?<inner>[^=]*))?=(?<value>.*)$/s;
