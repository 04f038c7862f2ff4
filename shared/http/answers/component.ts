// Makes a zod schema a component of the OpenAPI document: the compiler holds it against the type that the code answers. And
// the texts, numbers and lists that many answers hold. Called by the files of this folder.
import { z } from 'zod';

/**
 * What JSON keeps of a type, so that two are assignable to each other only if they have the same fields: none is
 * optional, those that may be left out can be a symbol, which JSON does not know, and those that are never there go.
 */
type Told<T> = unknown extends T
  ? unknown
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

/**
 * The schema under its name in `#/components/schemas/`. Does not compile unless `T` has the schema's fields and no others.
 * @param id also what other components refer to it by
 */
export function component<T>() {
  return <S extends z.ZodType>(id: string, description: string, schema: S & Fits<z.output<S>, T>): S =>
    schema.meta({ id, description });
}

/** A component that is an object of these fields and no others. */
export function record<T>() {
  return <Shape extends z.ZodRawShape>(
    id: string,
    description: string,
    fields: Shape & Fits<z.output<z.ZodObject<Shape, z.core.$strict>>, T>,
  ): z.ZodObject<Shape, z.core.$strict> => z.strictObject<Shape>(fields).meta({ id, description });
}

type Unchanged<T> = T extends object ? { readonly [K in keyof T]: Unchanged<T[K]> } : T;

/** The type that the code answers under a schema. */
export type Answered<S extends z.ZodType> = Unchanged<z.output<S>>;

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

export const poolFields = { cluster: ClusterId, nodePool: z.string() };

export const Hash = component<string>()('Hash', 'SHA-256 in hexadecimal.', z.string().regex(/^[0-9a-f]{64}$/));

/** Written by people or by Azure: shown as it is. */
export const Sentence = z.string().min(1);

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
