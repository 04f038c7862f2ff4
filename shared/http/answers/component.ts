// Makes a zod schema a component of the OpenAPI document. The compiler holds it against the type that the code answers.
// Called by the files of this folder.
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/**
 * What JSON keeps of a type, so that two are assignable to each other only if they have the same fields: none is
 * optional, those that may be left out can be a symbol, which JSON does not know, and those that are never there go.
 */
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
