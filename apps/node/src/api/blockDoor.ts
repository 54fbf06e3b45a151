import { Readable } from 'node:stream';
import { NeuroError } from '@neurodata/protocol';
import { MAX_BLOCK_BYTES, checkBlock, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { createGateway } from '@neurodata/storage/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Blocks of this node; `bytes`, where the store can say it, is what the quota starts from. */
export type Blocks = BlockStore & { bytes?(): Promise<number> };

export type BlockDoorParameters = { blocks: Blocks; quotaBytes: number };

const opaque = ['application/octet-stream', 'application/vnd.ipld.raw'];

/** `PUT /api/v1/blocks/{cid}` takes a block that hashes to its CID; `/ipfs/{cid}` is the trustless gateway. */
export function addBlockDoor(app: FastifyInstance, parameters: BlockDoorParameters): void {
  const { blocks, quotaBytes } = parameters;
  const gateway = createGateway(blocks);
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
  app.route({ method: ['GET', 'HEAD'], url: '/ipfs/*', exposeHeadRoute: false, handler: (request, reply) => serve(gateway, request, reply) });
}

async function serve(gateway: ReturnType<typeof createGateway>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { pathname, searchParams } = new URL(request.url, 'http://node');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
  const { status, headers: answered, body } = await gateway({ method: request.method, path: pathname, headers, query: Object.fromEntries(searchParams) });
  // Ciphertext and public documents, checked by their readers: any page may read them.
  reply.code(status).headers({ ...answered, 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
  if (body === undefined) return reply.send();
  return reply.send(body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : Readable.from(body, { objectMode: false }));
}
