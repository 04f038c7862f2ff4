// Called by a timer: one planning pass over the fleet. Returns the messages that it asks for.
import type { InvocationContext } from '@azure/functions';
import { dependencies } from '../shared/composition.ts';
import { runPass } from '../shared/usecases/plan/runPass.ts';

export const handler = (context: InvocationContext) => runPass(dependencies(context));
