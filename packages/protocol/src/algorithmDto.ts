import { z } from 'zod';

const common = {
  name: z.string(),
  title: z.string(),
  help: z.string(),
  /** Not written into a spec at its default, and not searched. */
  leftOut: z.literal(true).optional(),
};
const range = { least: z.number(), most: z.number() };
const taskSchema = z.enum(['classification', 'regression', 'clustering', 'reduction']);

/** A hyper-parameter: name as in scikit-learn, default, and what it takes. */
const parameterSchema = z.discriminatedUnion('kind', [
  z.object({ ...common, ...range, kind: z.enum(['number', 'integer']), default: z.number().nullable(), orNull: z.string().optional() }),
  z.object({ ...common, kind: z.literal('choice'), default: z.string(), options: z.array(z.object({ value: z.string(), help: z.string() })).readonly() }),
  z.object({ ...common, kind: z.enum(['text', 'bytes']), default: z.string(), longest: z.number() }),
  z.object({ ...common, kind: z.literal('boolean'), default: z.boolean() }),
  z.object({ ...common, ...range, kind: z.literal('integers'), default: z.array(z.number()), longest: z.number() }),
]);

/** An algorithm of the engine, with all that a form needs. */
export const algorithmSchema = z.object({
  name: z.string(),
  title: z.string(),
  about: z.string(),
  /** The first is the default. */
  tasks: z.array(taskSchema),
  parameters: z.array(parameterSchema),
  /** Defaults of `preprocess` in a spec. */
  preprocess: z.object({ impute: z.string(), scale: z.string(), encode: z.string() }),
  takesMissing: z.boolean(),
  takesWeights: z.boolean(),
  /** Its models hold rows: off in compute offers unless the publisher turns it on. */
  copiesRows: z.boolean(),
  /** The parameter that compute offers bound from below; null where there is none. */
  smallestLeaf: z.string().nullable(),
});
export type AlgorithmDto = z.output<typeof algorithmSchema>;
