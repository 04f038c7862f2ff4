// The simulator's own routes, beside ARM's: faults while it runs.
import { z } from 'zod';
import { jsonIn } from '../../shared/domain/text/jsonIn.ts';
import { type DocumentProblem, problem, readDocument } from '../fleet/documentProblem.ts';
import { jsonAnswer } from '../http/jsonAnswer.ts';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';
import { Fault } from '../simulator/faults/fault.ts';
import type { Simulator } from '../simulator/simulator.ts';

export const faultsPath = '/simulator/faults';

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
