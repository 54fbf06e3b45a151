import type { FastifyInstance } from 'fastify';
import { answerRpcBody } from '../chain/answerRpcBody.ts';
import type { JsonRpcRequest, JsonRpcResponse } from '../chain/jsonRpc.ts';

export type Rpc = (request: JsonRpcRequest) => Promise<JsonRpcResponse>;

const mostBytes = 1024 * 1024;

/** `POST /rpc`: reads and signed transactions for the chain, one or a batch. */
export function addRpcDoor(app: FastifyInstance, rpc: Rpc): void {
  app.post('/rpc', { bodyLimit: mostBytes }, async (request, reply) => {
    const answer = await answerRpcBody({ rpc, body: request.body });
    return answer === undefined ? reply.code(204).send() : answer;
  });
}
