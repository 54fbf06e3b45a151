import { type ImportCarParameters, type ImportedCar, exportCar, gatewayBlocks, importCar, parseCid } from '@neurodata/storage';
import { toNeuroError } from './errors.ts';

type Gateway = { /** A node's base URL. */ url: string; fetch?: typeof fetch };

/**
 * Everything below these CIDs as one CAR (version 1, depth first, each block once), block by block from a node's gateway, each
 * re-hashed. Throws `BAD_INPUT` for what is no CID; in the middle `NOT_FOUND`, `TIMEOUT`, `UNREACHABLE` or `CONTENT_MISMATCH`, which name the block.
 *
 * @example await writeFile('rows.car', exportBlocks({ url: 'http://localhost:4000', cids: [cid] }));
 */
export async function* exportBlocks(parameters: Gateway & { cids: readonly [string, ...string[]]; /** Told of each block's bytes. */ onBlock?: (bytes: number) => void }): AsyncGenerator<Uint8Array> {
  const { cids: [first, ...others], onBlock, ...gateway } = parameters;
  try {
    yield* exportCar({ blocks: gatewayBlocks(gateway), roots: [parseCid(first), ...others.map(parseCid)], ...(onBlock ? { onBlock } : {}) });
  } catch (error) {
    throw toNeuroError(error);
  }
}

/**
 * Puts a CAR's blocks (version 1 or 2, in any order) into a node, each re-hashed, and follows its roots to the last leaf there. Blocks that
 * the node has are not sent. Throws `CONTENT_MISMATCH` for what is no sound CAR, `NOT_FOUND` naming a block that a root lacks, `BAD_INPUT` for
 * a CAR without a root; what came before stays, so that doing it again costs only the rest.
 */
export async function importBlocks(parameters: Gateway & ImportCarParameters): Promise<ImportedCar> {
  const { url, fetch: send, ...rest } = parameters;
  const gateway = gatewayBlocks({ url, upload: true, ...(send ? { fetch: send } : {}) });
  try {
    return await importCar({ ...gateway, put: async (cid, bytes) => { if (!(await gateway.has(cid))) await gateway.put(cid, bytes); } }, rest);
  } catch (error) {
    throw toNeuroError(error);
  }
}
