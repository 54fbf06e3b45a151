import { z } from 'zod';
import { defineDocument } from './document.ts';
import { cidSchema, hex32Schema } from './schemas.ts';

/** How many files the states of one unfinished run may be in: one for each heartbeat that kept some. */
const MOST_PARTS = 10_000;

/**
 * Where the states of an unfinished run are: what a heartbeat names by its digest, for the worker that takes over. The files
 * are age files, sealed to the identity that `deriveRunIdentity` makes; their steps follow each other from 0 to `step`.
 */
export const keptStatesSchema = z.object({
  version: z.literal(1),
  jobId: hex32Schema,
  specDigest: hex32Schema,
  engineId: hex32Schema,
  step: z.number().int().nonnegative(),
  parts: z.array(z.object({ from: z.number().int().nonnegative(), cid: cidSchema })).min(1).max(MOST_PARTS),
});
export type KeptStates = z.output<typeof keptStatesSchema>;

const document = defineDocument({ schema: keptStatesSchema, what: "The document of a run's states", code: 'BAD_INPUT' });
export const encodeKeptStates = document.encode;
export const parseKeptStates = document.parse;
