import { expect, it } from 'vitest';
import { z } from 'zod';
import { component, record } from '../../../shared/http/answers/component.ts';

type Row = {
  readonly id: string;
  readonly kind: 'a' | 'b';
  readonly note?: string;
  readonly parts: readonly { readonly at: string | undefined }[];
};

const id = z.string();
const kind = z.enum(['a', 'b']);
const note = z.string().optional();
const parts = z.array(z.strictObject({ at: note }));
const deeper = z.array(z.strictObject({ at: note, by: note }));

// `npm run types` is the test of what must not compile: an expected error that does not come is one.
it('takes the schema of exactly what is answered', () => {
  const row = component<Row>();
  const schema = row('Row', 'A row.', z.strictObject({ id, kind, note, parts }));
  expect(z.globalRegistry.get(schema)).toMatchObject({ id: 'Row', description: 'A row.' });

  // @ts-expect-error a field that may be there is missing
  row('A', '', z.strictObject({ id, kind, parts }));
  // @ts-expect-error a field that is always there may be left out
  row('B', '', z.strictObject({ id: id.optional(), kind, note, parts }));
  // @ts-expect-error a field that may be left out must be there
  row('C', '', z.strictObject({ id, kind, note: z.string(), parts }));
  // @ts-expect-error a field more
  row('D', '', z.strictObject({ id, kind, note, parts, more: note }));
  // @ts-expect-error a value is missing
  row('E', '', z.strictObject({ id, kind: z.enum(['a']), note, parts }));
  // @ts-expect-error a value more
  row('F', '', z.strictObject({ id, kind: z.enum(['a', 'b', 'c']), note, parts }));
  // @ts-expect-error a field more, inside
  row('G', '', z.strictObject({ id, kind, note, parts: deeper }));
});

it('takes the fields of an object in the same way', () => {
  const row = record<Row>();
  const schema = row('Fields', 'A row.', { id, kind, note, parts });
  expect(z.globalRegistry.get(schema)).toMatchObject({ id: 'Fields', description: 'A row.' });
  expect(schema.safeParse({ id: '1', kind: 'a', parts: [], more: 1 }).success).toBe(false);

  // @ts-expect-error a field that may be there is missing
  row('H', '', { id, kind, parts });
  // @ts-expect-error a field that may be left out must be there
  row('I', '', { id, kind, note: z.string(), parts });
  // @ts-expect-error a field more
  row('J', '', { id, kind, note, parts, more: note });
  // @ts-expect-error a field more, inside
  row('K', '', { id, kind, note, parts: deeper });
});
