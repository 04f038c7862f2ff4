// Kinds of fields in what people write, each with its error text. Used by the schemas of policy, holds and approvals.
import { z } from 'zod';

export function wholeNumber(unit: string, min: number, max: number) {
  const error = `a whole number of ${unit} from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function oneOf<const T extends readonly string[]>(...values: T) {
  const quoted = values.map((value) => `"${value}"`);
  return z.enum(values, { error: `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` });
}

export function someText(error: string, maxLength: number) {
  return z.string({ error }).min(1, { error }).max(maxLength, { error });
}

export const flag = z.boolean({ error: 'true or false' });

export function trimmedText(error: string, maxLength: number) {
  return z.string({ error }).trim().min(1, { error }).max(maxLength, { error });
}
