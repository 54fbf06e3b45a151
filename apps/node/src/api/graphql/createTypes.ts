import { addressSchema, amountSchema, cidSchema, hex32Schema, hexSchema } from '@neurodata/protocol';
import type { ImplementableObjectRef, InputFieldMap } from '@pothos/core';
import { z } from 'zod';
import type { Builder } from './createBuilder.ts';

type SchemaTypesOf = Builder['$inferSchemaTypes'];
export type ObjectRef<T> = ImplementableObjectRef<SchemaTypesOf, T, T>;
type Scalar = 'Json' | 'Whole' | 'Amount' | 'Address' | 'Hex' | 'Cid' | 'String' | 'Boolean' | 'Float';
// Which value each field has is known to its schema; Pothos is told once, here, that it fits.
type AnyRef = ObjectRef<unknown>;
type Fields = Record<string, z.ZodType>;

/** Makes GraphQL types of the documents' schemas, so that both APIs say the same with the same words. */
export type Types = {
  /** Names the type of an object schema, before anything uses it. Fields in `but` are left to the caller. */
  object<T extends object>(name: string, schema: z.ZodType<T>, but?: readonly string[]): ObjectRef<T>;
  /** Names the type of a set of words. */
  words(name: string, words: readonly string[]): void;
  /** The schema's fields on a type that exists already. */
  addFields(ref: AnyRef, schema: z.ZodType, but?: readonly string[]): void;
  /** The arguments that a route's query takes. */
  args(owner: string, query: z.ZodType | undefined, but: readonly string[]): InputFieldMap;
};

const scalars = new Map<z.ZodType, Scalar>([[addressSchema, 'Address'], [amountSchema, 'Amount'], [cidSchema, 'Cid'], [hexSchema, 'Hex'], [hex32Schema, 'Hex']]);

export function createTypes(builder: Builder): Types {
  const objects = new Map<z.ZodType, AnyRef>();
  const enums = new Map<string, ReturnType<typeof enumOf>>();

  function enumOf(name: string, words: readonly string[]) {
    const values = Object.fromEntries(words.map((word) => [word.replaceAll(/\W/g, '_'), { value: word }]));
    return builder.enumType(name, { values });
  }
  const wordsOf = (name: string, words: readonly string[]) => {
    const key = words.join();
    const known = enums.get(key) ?? enumOf(name, words);
    enums.set(key, known);
    return known;
  };
  const leafOf = (name: string, schema: z.ZodType): Scalar | ReturnType<typeof enumOf> => {
    const scalar = scalars.get(schema);
    if (scalar) return scalar;
    if (schema instanceof z.ZodEnum) return wordsOf(name, schema.options.map(String));
    if (schema instanceof z.ZodBoolean) return 'Boolean';
    if (schema instanceof z.ZodNumber) return schema.isInt ? 'Whole' : 'Float';
    if (schema instanceof z.ZodString) return 'String';
    if (schema instanceof z.ZodUnion) return 'Json';
    throw new Error(`${name}: no GraphQL type is made of ${schema.constructor.name}`);
  };
  const object: Types['object'] = (name, schema, but = []) => {
    const known = objects.get(schema);
    if (known) return known as never;
    const ref = builder.objectRef<never>(name) as AnyRef;
    objects.set(schema, ref);
    builder.objectType(ref, { name });
    addFields(ref, schema, but);
    return ref as never;
  };
  const addFields: Types['addFields'] = (ref, schema, but = []) => {
    for (const [name, field] of Object.entries(fieldsOf(schema))) {
      if (but.includes(name)) continue;
      const { inner, nullable } = unwrap(field);
      const list = inner instanceof z.ZodArray ? unwrap(inner.element as z.ZodType).inner : undefined;
      const typeName = `${ref.name}${name[0]?.toUpperCase()}${name.slice(1)}`;
      const item = typeOf(typeName, list ?? inner);
      const resolve = (parent: unknown): never => (parent as Record<string, unknown>)[name] as never;
      builder.objectField(ref, name, (t) => (list ? t.field({ type: [item] as never, nullable, resolve }) : t.field({ type: item as never, nullable, resolve })));
    }
  };
  const typeOf = (name: string, schema: z.ZodType): AnyRef | Scalar | ReturnType<typeof enumOf> => {
    if (!(schema instanceof z.ZodObject)) return leafOf(name, schema);
    return object(name, schema as z.ZodType<object>) as AnyRef;
  };
  const args: Types['args'] = (owner, query, but) => builder.args((t) => Object.fromEntries(Object.entries(query ? fieldsOf(query) : {}).filter(([name]) => !but.includes(name)).map(([name, field]) => {
    const { inner, nullable } = unwrap(field);
    return [name, t.field({ type: leafOf(`${owner}${name[0]?.toUpperCase()}${name.slice(1)}`, inner) as never, required: !nullable as never })];
  }))) as InputFieldMap;
  return { object, addFields, args, words: wordsOf };
}

function fieldsOf(schema: z.ZodType): Fields {
  if (schema instanceof z.ZodObject) return schema.shape as Fields;
  throw new Error(`${schema.constructor.name} has no fields`);
}

function unwrap(schema: z.ZodType): { inner: z.ZodType; nullable: boolean } {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodExactOptional) return { inner: unwrap(schema.unwrap() as z.ZodType).inner, nullable: true };
  if (schema instanceof z.ZodPipe && !scalars.has(schema)) return unwrap(schema.in as z.ZodType);
  return { inner: schema, nullable: false };
}
