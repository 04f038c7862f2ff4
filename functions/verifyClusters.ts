// Called for each message of the queue verify-history: checks a part of the record, or makes the index of its history.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { checkPart } from '../shared/usecases/history/checkInParts.ts';
import { indexHistory } from '../shared/usecases/history/indexHistory.ts';
import { HistoryMessage } from '../shared/usecases/messages.ts';

export async function handler(message: unknown, context: InvocationContext): Promise<void> {
  const asked = HistoryMessage.parse(message);
  await (asked.kind === 'check' ? checkPart(dependencies(context), asked) : indexHistory(dependencies(context), asked));
}
