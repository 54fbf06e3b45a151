import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import { NeuroError, addressSchema, cidSchema, hexSchema } from '@neurodata/protocol';
import type { Route } from '@neurodata/protocol';
import { GraphQLError } from 'graphql';
import type { Address, Hex } from 'viem';
import type { Principal } from '../../accounts/index.ts';
import type { Changes } from '../../common/changes.ts';
import type { HandlerContext } from '../handlers/Handler.ts';

/** What resolvers work with, for one request. */
export type GraphqlContext = {
  deps: HandlerContext;
  changes: Pick<Changes, 'subscribe'>;
  /** Who asks; throws where that is not enough for the route. */
  authenticate(route: Route): Promise<Principal>;
  /** Answers of routes that were asked already in this request. */
  answers: Map<string, Promise<unknown>>;
};

type SchemaTypes = {
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  Scalars: {
    Whole: { Input: number; Output: number };
    Amount: { Input: never; Output: bigint };
    Address: { Input: Address; Output: Address };
    Hex: { Input: Hex; Output: Hex };
    Cid: { Input: string; Output: string };
    Json: { Input: never; Output: unknown };
  };
};

/** The most that one operation may ask for. `complexity` counts fields, times the lengths of lists. */
export const limits = { depth: 10, breadth: 300, complexity: 15_000 } as const;

export type Builder = ReturnType<typeof createBuilder>;

export function createBuilder() {
  const builder = new SchemaBuilder<SchemaTypes>({
    plugins: [ComplexityPlugin, DataloaderPlugin],
    defaultFieldNullability: false,
    complexity: {
      defaultComplexity: 1,
      defaultListMultiplier: 5,
      limit: limits,
      complexityError: (kind, result) => new NeuroError(`This asks for too much: its ${kind.toLowerCase()} is ${result[wordOf(kind)]}.`, { code: 'BAD_INPUT', remedy: `The most is ${limits[wordOf(kind)]}: ask for fewer fields or shorter pages.` }),
    },
  });
  builder.scalarType('Whole', { description: 'An integer that a double holds exactly: up to 2^53.', serialize: Number, parseValue: parserOf('an integer', (value) => Number.isSafeInteger(value)) });
  builder.scalarType('Amount', { description: 'Base units of a token, in decimal digits.', serialize: (value) => value.toString(), parseValue: parserOf('nothing', () => false) });
  builder.scalarType('Address', { description: 'An address: 0x and 40 hex digits.', serialize: (value) => value, parseValue: parserOf('an address', (value) => addressSchema.safeParse(value).success) });
  builder.scalarType('Hex', { description: '0x and an even number of hex digits.', serialize: (value) => value, parseValue: parserOf('0x and hex digits', (value) => hexSchema.safeParse(value).success) });
  builder.scalarType('Cid', { description: 'A content identifier.', serialize: (value) => value, parseValue: parserOf('a CID', (value) => cidSchema.safeParse(value).success) });
  builder.scalarType('Json', { description: 'A document of several shapes, as REST says it.', serialize: (value) => value, parseValue: parserOf('nothing', () => false) });
  return builder;
}

const wordOf = (kind: string): keyof typeof limits => kind.toLowerCase() as keyof typeof limits;

function parserOf<T>(what: string, fits: (value: unknown) => boolean): (value: unknown) => T {
  return (value) => {
    if (!fits(value)) throw new GraphQLError(`Expected ${what}.`);
    return value as T;
  };
}
