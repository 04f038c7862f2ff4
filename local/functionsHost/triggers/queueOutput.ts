// Writes the messages that a function's queue outputs hold, once it has succeeded. Called by invoke.ts through startFunctionsHost.ts.
import type { InvocationResponse, TypedData } from '../worker/rpc.ts';
import { textOrBytes } from '../worker/rpc.ts';

/** The messages of one output: an array is one message for each element, everything else is one; nothing is none. */
export function messagesOf(data: TypedData | null | undefined): readonly (string | Uint8Array)[] {
  const value = textOrBytes(data);
  if (value === undefined) return [];
  // Only a value that the handler gave as an array arrives as JSON that is one; a string stays one message.
  const parsed: unknown = data?.json == null ? undefined : JSON.parse(data.json);
  if (!Array.isArray(parsed)) return [value];
  return parsed.map((element: unknown) => (typeof element === 'string' ? element : JSON.stringify(element)));
}

/** The values of a response by the name of their binding. */
export function outputsOf(response: InvocationResponse): ReadonlyMap<string, TypedData | null | undefined> {
  const outputs = (response.outputData ?? []).map(({ name, data }) => [name, data] as const);
  return new Map<string, TypedData | null | undefined>([...outputs, ['$return', response.returnValue]]);
}
