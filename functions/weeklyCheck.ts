// Called by a timer: observes the whole fleet and reports how it stands. Returns the messages that it asks for.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { checkWeekly } from '../shared/usecases/report/checkWeekly.ts';

export const handler = (context: InvocationContext) => checkWeekly(dependencies(context));
