import type { Readable } from 'node:stream';
import { NeuroError } from '@neurodata/protocol';
import { MAX_BLOCK_BYTES, cachedBlocks, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { createGateway } from '@neurodata/storage/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Blocks } from '../common/Blocks.ts';
import { createBlockMemory } from './blockMemory.ts';
import { addBlockReads } from './blockReads.ts';

/** What `PUT /api/v1/blocks` and pins fill at most where nothing else is set. */
export const DEFAULT_QUOTA_BYTES = 20 * 1024 ** 3;

export type BlockDoorParameters = {
  blocks: Blocks;
  quotaBytes: number;
  /** Asked, in this order, for blocks that this node lacks. */
  peers?: BlockStore[];
};

const opaque = ['application/octet-stream', 'application/vnd.ipld.raw'];

/** `PUT /api/v1/blocks/{cid}` takes a block that hashes to its CID; `/ipfs/{cid}` is the trustless gateway. */
export function addBlockDoor(app: FastifyInstance, parameters: BlockDoorParameters): void {
  const { blocks, quotaBytes, peers = [] } = parameters;
  const own = createGateway(blocks);
  const anywhere = peers.length === 0 ? own : createGateway(cachedBlocks([blocks, ...peers]));
  const room = quota(blocks, quotaBytes);
  const memory = createBlockMemory();

  const put = async (request: FastifyRequest<{ Params: { cid: string } }>, reply: FastifyReply): Promise<unknown> => {
    const { body } = request;
    if (!(body instanceof Uint8Array)) throw new NeuroError('A block is sent as raw bytes.', { code: 'BAD_INPUT', remedy: `Use content-type ${opaque[0]}.` });
    try {
      return await keep(request.params.cid, body, reply);
    } finally {
      memory.give(body);
    }
  };
  const keep = async (name: string, body: Uint8Array, reply: FastifyReply): Promise<unknown> => {
    const cid = parseCid(name);
    const answer = { cid: cid.toString(), size: body.length };
    if (await blocks.has(cid)) {
      // It makes the block young again, and whole where the disk has spoilt it.
      await blocks.put(cid, body);
      return answer;
    }
    if (!(await room.take(body.length))) throw new NeuroError(`This node keeps at most ${quotaBytes} bytes of blocks.`, { code: 'TOO_LARGE', remedy: 'Use another node, or ask its operator to raise the limit.' });
    try {
      // The store compares it with its CID.
      await blocks.put(cid, body);
    } catch (error) {
      room.giveBack(body.length);
      throw error;
    }
    return reply.code(201).send(answer);
  };
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(opaque, (_request: FastifyRequest, payload: Readable) => memory.read(payload));
    scope.put('/api/v1/blocks/:cid', { bodyLimit: MAX_BLOCK_BYTES }, put);
  });
  addBlockReads(app, { gatewayOf: (onlyOwn) => (onlyOwn ? own : anywhere), onHead: async (cid) => void (await blocks.touch?.(cid)) });
}

/** Blocks go, too: what is there is summed up again before somebody is refused. */
const recountMs = 60_000;

function quota(blocks: Blocks, quotaBytes: number): { take(size: number): Promise<boolean>; giveBack(size: number): void } {
  let counted: { at: number; bytes: Promise<number> } | undefined;
  let taken = 0;
  const count = (): Promise<number> => {
    taken = 0;
    counted = { at: performance.now(), bytes: blocks.bytes?.() ?? Promise.resolve(0) };
    return counted.bytes;
  };
  const fits = async (bytes: Promise<number>, size: number): Promise<boolean> => (await bytes) + taken + size <= quotaBytes;
  return {
    take: async (size) => {
      const known = counted ? counted.bytes : count();
      const fine = (await fits(known, size)) || (blocks.bytes !== undefined && performance.now() - (counted?.at ?? 0) > recountMs && (await fits(count(), size)));
      if (fine) taken += size;
      return fine;
    },
    giveBack: (size) => { taken -= size; },
  };
}
