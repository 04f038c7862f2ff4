// Texts and numbers of a fixed form, and lists, that many answers hold.
import { z } from 'zod';
import { component } from './component.ts';

export const Instant = component<string>()('Instant', 'ISO 8601, in UTC.', z.iso.datetime());

export const OffsetInstant = component<string>()(
  'OffsetInstant',
  'ISO 8601, in UTC or with an offset.',
  z.iso.datetime({ offset: true }),
);

export const Day = component<string>()('Day', 'ISO 8601, a day in UTC.', z.iso.date());

export const ClusterId = component<string>()(
  'ClusterId',
  'The ARM id of a managed cluster, as ARM spells it; ids compare in any case.',
  z.string().regex(/^(\/[^/]+){8}$/),
);

/** Names a pool. */
export const poolFields = { cluster: ClusterId, nodePool: z.string() };

export const Hash = component<string>()('Hash', 'SHA-256 in hexadecimal.', z.string().regex(/^[0-9a-f]{64}$/));

/** Written by people or by Azure: shown as it is. */
export const Sentence = z.string().min(1);

/** Who asked for a change. */
export const Author = z
  .string()
  .describe('Who is signed in where App Service authentication is on; without it, who the caller said.');

export const Count = z.int().min(0);

const nextLink = z
  .url()
  .optional()
  .describe('Where the next page is, without the key; absent on the last one. Follow it as it is.');

export const list = <Item extends z.ZodType>(item: Item) => z.strictObject({ value: z.array(item) });

export const page = <Item extends z.ZodType>(item: Item) => list(item).extend({ nextLink });
