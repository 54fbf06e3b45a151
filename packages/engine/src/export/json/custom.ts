import { sha256Hex } from '../../hash.ts';
import type { Describe } from './describe.ts';

/** A module's own model: nobody but the module reads it. The module is among the parameters. */
export const describeCustom: Describe = ({ body }) => ({
  reading: 'the module that is among the parameters reads what it learned by itself',
  bytes: body.length, sha256: sha256Hex(body),
});
