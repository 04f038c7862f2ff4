// Makes components of the OpenAPI document of zod schemas; the compiler holds them against the types that the code answers.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** What JSON keeps of a type. A field that may be left out can be a symbol, so that types fit only if both leave it out. */
type Told<T> = unknown extends T
  ? unknown
  : T extends Temporal.Instant
    ? string
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Told<T[K]> }
      : T extends object
        ? {
            [K in keyof T as Exclude<T[K], undefined> extends never ? never : K]-?:
              | Told<Exclude<T[K], undefined>>
              | (undefined extends T[K] ? symbol : never);
          }
        : T;

/** Unknown where schema and type fit; else a type that the compiler's error shows. */
type Fits<Schema, Answered> = [Told<Schema>] extends [Told<Answered>]
  ? [Told<Answered>] extends [Told<Schema>]
    ? unknown
    : { readonly 'the schema refuses what is answered': Told<Answered> }
  : { readonly 'the schema allows what is never answered': Told<Answered> };

/** The schema under its name in `#/components/schemas/`. Does not compile unless `T` has the schema's fields and no others. */
export function component<T>() {
  return <S extends z.ZodType>(id: string, description: string, schema: S & Fits<z.output<S>, T>): S =>
    schema.meta({ id, description });
}

export function record<T>() {
  return <Shape extends z.ZodRawShape>(
    id: string,
    description: string,
    fields: Shape & Fits<z.output<z.ZodObject<Shape, z.core.$strict>>, T>,
  ): z.ZodObject<Shape, z.core.$strict> => z.strictObject<Shape>(fields).meta({ id, description });
}

/** The same for parts of a component that is checked as a whole. */
export const named = <S extends z.ZodType>(id: string, description: string, schema: S): S =>
  schema.meta({ id, description });

export const shape = <Fields extends z.ZodRawShape>(id: string, description: string, fields: Fields) =>
  named(id, description, z.strictObject(fields));

type Unchanged<T> = T extends object ? { readonly [K in keyof T]: Unchanged<T[K]> } : T;

export type Answered<S extends z.ZodType> = Unchanged<z.output<S>>;

export const Instant = named('Instant', 'ISO 8601, in UTC.', z.iso.datetime());
export const Day = named('Day', 'ISO 8601, a day in UTC.', z.iso.date());
export const Hash = named('Hash', 'SHA-256 in hexadecimal.', z.string().regex(/^[0-9a-f]{64}$/));
export const OffsetInstant = named(
  'OffsetInstant',
  'ISO 8601, in UTC or with an offset.',
  z.iso.datetime({ offset: true }),
);
export const ClusterId = named(
  'ClusterId',
  'The ARM id of a managed cluster, as ARM spells it; ids compare in any case.',
  z.string().regex(/^(\/[^/]+){8}$/),
);
export const poolFields = { cluster: ClusterId, nodePool: z.string() };
export const CountedApproval = shape('CountedApproval', 'The approval that a start was judged on.', {
  id: z.string().describe('As GET /api/approvals has it, also when it was revoked since.'),
  approvedBy: z.string(),
});
export const Sentence = z.string().min(1);
export const Count = z.int().min(0);

export const Author = z
  .string()
  .describe('Who is signed in where App Service authentication is on; without it, who the caller said.');

const nextLink = z
  .string()
  .meta({ format: 'uri-reference' })
  .optional()
  .describe(
    'Where the next page is, without the key; absent on the last one. Follow it as it is: a URL where PUBLIC_URL or the platform says what the app is called, else a path of the host that you asked.',
  );

export const list = <Item extends z.ZodType>(item: Item) => z.strictObject({ value: z.array(item) });

export const page = <Item extends z.ZodType>(item: Item) => list(item).extend({ nextLink });
