import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, parseJson, sha256Hex } from './bytes.ts';
import { NeuroError } from './errors.ts';
import type { ErrorCode } from './errors.ts';

/** A JSON document whose canonical bytes are hashed: how it is checked, written and read. */
export type Document<T> = {
  /** Throws the document's error, naming the field in `details`. */
  check: (value: unknown) => T;
  encode: (value: T) => { bytes: Uint8Array; digest: Hex };
  parse: (bytes: Uint8Array) => T;
};

/** `what` names the document in errors, e.g. "The job spec". */
export function defineDocument<T>(parameters: { schema: z.ZodType<T>; what: string; code: ErrorCode }): Document<T> {
  const { schema, what, code } = parameters;
  const check = (value: unknown): T => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new NeuroError(`${what} is not valid.`, { code, details: z.prettifyError(result.error) });
  };
  return {
    check,
    encode: (value) => {
      const bytes = canonicalJson(check(value));
      return { bytes, digest: sha256Hex(bytes) };
    },
    parse: (bytes) => check(parseJson(bytes, what)),
  };
}
