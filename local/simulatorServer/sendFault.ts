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
    const [path, value] = split(field, '=');
    if (value === undefined) throw new Error(`"${field}" is not field=value, for example cluster=production.`);
    const [name, inner] = split(path, '.');
    if (inner === undefined) fault[name] = toValue(value);
    else fault[name] = { ...(fault[name] as object | undefined), [inner]: toValue(value) };
  }
  return fault;
}

function split(text: string, at: string): readonly [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

const toValue = (text: string): unknown => jsonIn(text) ?? text;
