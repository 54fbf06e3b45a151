import { Readable } from 'node:stream';
import { StorageError, parseCid } from '@neurodata/storage';
import type { createGateway } from '@neurodata/storage/node';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Gateway = ReturnType<typeof createGateway>;

/**
 * `GET /ipfs/{cid}`: the trustless gateway. Who asks for a node's own blocks (`Cache-Control: only-if-cached`) is another
 * node: if it were asked in turn, two that lack a block would never end.
 */
export function addBlockReads(app: FastifyInstance, parameters: { gatewayOf: (onlyOwn: boolean) => Gateway; /** Whoever asks whether a block is there may go on to name it. */ onHead?: (cid: ReturnType<typeof parseCid>) => Promise<void> }): void {
  const { gatewayOf, onHead } = parameters;
  app.route({
    method: ['GET', 'HEAD'], url: '/ipfs/*', exposeHeadRoute: false,
    handler: async (request, reply) => {
      if (request.method === 'HEAD' && onHead) await touched(request.url, onHead);
      return serve(gatewayOf(request.headers['cache-control']?.includes('only-if-cached') === true), request, reply);
    },
  });
}

/** What is no CID is answered below. */
async function touched(url: string, onHead: (cid: ReturnType<typeof parseCid>) => Promise<void>): Promise<void> {
  const [, cid] = /^\/ipfs\/([a-zA-Z0-9]+)/.exec(url) ?? [];
  try {
    if (cid !== undefined) await onHead(parseCid(cid));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}

async function serve(gateway: Gateway, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { pathname, searchParams } = new URL(request.url, 'http://node');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
  const { status, headers: answered, body } = await gateway({ method: request.method, path: pathname, headers, query: Object.fromEntries(searchParams) });
  // Ciphertext and public documents, checked by their readers: any page may read them.
  reply.code(status).headers({ ...answered, 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
  if (body === undefined) return reply.send();
  return reply.send(body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : Readable.from(body, { objectMode: false }));
}
