// Faults in a simulator that runs: the route that takes them, and `npm run simulator -- fault …`, which sends them.
import { z } from 'zod';
import { jsonIn } from '../../shared/domain/text/jsonIn.ts';
import { type DocumentProblem, problem, readDocument } from '../fleet/documentProblem.ts';
import { causeOf } from '../http/causeOf.ts';
import { jsonAnswer } from '../http/jsonAnswer.ts';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';
import { Fault } from '../simulator/faults/fault.ts';
import type { Simulator } from '../simulator/simulator.ts';

const faultsPath = '/simulator/faults';

/** GET: the faults in force. POST: a fault, or a list of them; of a list the good ones happen. Undefined for other paths. */
export function answerControl(simulator: Simulator, request: ArmRequest): ArmResponse | undefined {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname !== faultsPath) return undefined;
  if (request.method === 'GET') return jsonAnswer(200, { value: simulator.faults() });
  if (request.method !== 'POST')
    return jsonAnswer(405, { problems: [`${request.method} is not taken; use GET or POST.`] });
  const document = jsonIn(request.body ?? '');
  if (document === undefined) {
    return refuse([{ path: '', message: 'The body is no JSON; send a fault, as docs/fleet.schema.json says.' }]);
  }
  const read = Array.isArray(document) ? readDocument(z.array(Fault), document) : readDocument(Fault, document);
  if (!read.ok) return refuse(read.problems);
  const problems = [read.value].flat().flatMap((fault) => {
    const wrong = simulator.inject(fault);
    return wrong ? [problem(wrong.field, wrong.found, wrong.allowed)] : [];
  });
  return problems.length > 0 ? refuse(problems) : jsonAnswer(202, { value: [read.value].flat() });
}

function refuse(problems: readonly DocumentProblem[]): ArmResponse {
  return jsonAnswer(400, { problems: problems.map(({ message }) => message) });
}

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
