// An Event Grid custom topic, as far as the keeper's SDK asks for it: takes CloudEvents and lists the last of them.
import { z } from 'zod';
import { jsonIn } from '../../shared/domain/text/jsonIn.ts';
import { jsonAnswer } from '../http/jsonAnswer.ts';
import type { ArmRequest, ArmResponse } from '../simulator/arm/armAnswer.ts';

export const topicPath = '/topic/api/events';
export const topicKey = 'local';

const CloudEvents = z.array(
  z.looseObject({
    specversion: z.literal('1.0'),
    type: z.string().min(1),
    id: z.string().min(1),
    source: z.string().min(1),
    time: z.iso.datetime(),
  }),
);
type TakenEvent = z.infer<typeof CloudEvents>[number];

const maxKept = 500;

/** POST: events, or 4xx as Event Grid has it. GET: the last of them, the newest first. */
export function createTopicRoute() {
  let taken: readonly TakenEvent[] = [];
  return {
    taken: () => taken,
    answer: ({ method, url, headers, body }: ArmRequest): ArmResponse | undefined => {
      if (new URL(url, 'http://localhost').pathname !== topicPath) return undefined;
      if (method === 'GET') return jsonAnswer(200, { value: taken });
      if (headers['aeg-sas-key'] !== topicKey) return refusal(401, 'Unauthorized', `Send the key "${topicKey}".`);
      const read = CloudEvents.safeParse(jsonIn(body ?? ''));
      if (!read.success) return refusal(400, 'BadRequest', z.prettifyError(read.error));
      taken = [...read.data.toReversed(), ...taken].slice(0, maxKept);
      return { status: 200, headers: {}, body: '' };
    },
  };
}

function refusal(status: number, code: string, message: string) {
  return jsonAnswer(status, { error: { code, message } });
}
