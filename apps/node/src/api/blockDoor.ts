import { NeuroError } from '@neurodata/protocol';
import { MAX_BLOCK_BYTES, cachedBlocks, checkBlock, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { createGateway } from '@neurodata/storage/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addBlockReads } from './blockReads.ts';

/** Blocks of this node; `bytes`, where the store can say it, is what the quota starts from. */
export type Blocks = BlockStore & { bytes?(): Promise<number> };

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
  let used: Promise<number> | undefined;
  let taken = 0;

  const put = async (request: FastifyRequest<{ Params: { cid: string } }>, reply: FastifyReply): Promise<unknown> => {
    const { body } = request;
    if (!(body instanceof Uint8Array)) throw new NeuroError('A block is sent as raw bytes.', { code: 'BAD_INPUT', remedy: `Use content-type ${opaque[0]}.` });
    const cid = parseCid(request.params.cid);
    await checkBlock(cid, body);
    const answer = { cid: cid.toString(), size: body.length };
    if (await blocks.has(cid)) return answer;
    const before = await (used ??= blocks.bytes?.() ?? Promise.resolve(0));
    if (before + taken + body.length > quotaBytes) throw new NeuroError(`This node keeps at most ${quotaBytes} bytes of blocks.`, { code: 'TOO_LARGE', remedy: 'Use another node, or ask its operator to raise the limit.' });
    taken += body.length;
    try {
      await blocks.put(cid, new Uint8Array(body));
    } catch (error) {
      taken -= body.length;
      throw error;
    }
    return reply.code(201).send(answer);
  };
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(opaque, { parseAs: 'buffer', bodyLimit: MAX_BLOCK_BYTES }, (_request, body, done) => done(null, body));
    scope.put('/api/v1/blocks/:cid', { bodyLimit: MAX_BLOCK_BYTES }, put);
  });
  addBlockReads(app, (onlyOwn) => (onlyOwn ? own : anywhere));
}
