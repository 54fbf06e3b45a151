import { filterRpc } from './filterRpc.ts';
import { type JsonRpcRequest, type JsonRpcResponse, rpcError, rpcErrorCodes } from './jsonRpc.ts';

/** Most requests in one batch. */
export const maxBatch = 100;
const concurrency = 8;

async function answerOne(rpc: (request: JsonRpcRequest) => Promise<JsonRpcResponse>, item: unknown): Promise<JsonRpcResponse | undefined> {
  const filtered = filterRpc(item);
  if ('refused' in filtered) return filtered.refused;
  const response = await rpc(filtered.request);
  return 'id' in filtered.request ? response : undefined;
}

/**
 * Answers a parsed JSON body of `POST /rpc`: one request, or a batch of at most `maxBatch`. Undefined when there is
 * nothing to answer (notifications only): send 204. Never throws for bad input: that is an error response.
 */
export async function answerRpcBody(parameters: {
  rpc: (request: JsonRpcRequest) => Promise<JsonRpcResponse>;
  body: unknown;
}): Promise<JsonRpcResponse | JsonRpcResponse[] | undefined> {
  const { rpc, body } = parameters;
  if (!Array.isArray(body)) return answerOne(rpc, body);
  if (body.length === 0) return rpcError(null, { code: rpcErrorCodes.invalidRequest, message: 'The batch is empty.' });
  if (body.length > maxBatch) {
    return rpcError(null, { code: rpcErrorCodes.limit, message: `A batch holds at most ${maxBatch} requests, this one has ${body.length}.` });
  }
  const responses: (JsonRpcResponse | undefined)[] = Array.from({ length: body.length });
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < body.length; index = next++) responses[index] = await answerOne(rpc, body[index]);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, body.length) }, lane));
  const answered = responses.filter((response) => response !== undefined);
  return answered.length > 0 ? answered : undefined;
}
