import { type Chain, createPublicClient, custom, defineChain, http, type PublicClient, RpcRequestError, type Transport } from 'viem';
import { traceHeaders, withChildSpan } from '../common/tracing.ts';
import type { JsonRpcRequest, JsonRpcResponse } from './jsonRpc.ts';

export type ChainClients = {
  chainId: number;
  chain: Chain;
  transport: Transport;
  publicClient: PublicClient;
};

export type CreateChainClientsParameters = { chainId: number } & (
  | { rpc: (request: JsonRpcRequest) => Promise<JsonRpcResponse> }
  | { rpcUrl: string }
);

function direct(rpc: (request: JsonRpcRequest) => Promise<JsonRpcResponse>): Transport {
  let id = 0;
  const request = async ({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
    const body: JsonRpcRequest = { jsonrpc: '2.0', id: (id += 1), method, params: params ?? [] };
    const response = await rpc(body);
    // The error that viem's own HTTP transport throws, so that reverts are decoded alike.
    if ('error' in response) throw new RpcRequestError({ body, error: response.error, url: 'http://embedded.chain' });
    return response.result;
  };
  return custom({ request }, { key: 'embedded', name: 'Embedded chain', retryCount: 0 });
}

/** Each call of a request under way is a part of its trace, by its method alone. */
function traced(transport: Transport): Transport {
  return (options) => {
    const made = transport(options);
    const request = ((body: { method: string }, requestOptions?: unknown) => withChildSpan(`chain ${body.method}`, { 'rpc.system': 'jsonrpc', 'rpc.method': body.method }, () => made.request(body as never, requestOptions as never))) as typeof made.request;
    return { ...made, request };
  };
}

/**
 * viem clients of the chain: straight into the embedded one by its `rpc`, or by HTTP to any other by `rpcUrl`.
 *
 * @example const { publicClient } = createChainClients({ chainId: chain.chainId, rpc: chain.rpc });
 */
export function createChainClients(parameters: CreateChainClientsParameters): ChainClients {
  const { chainId } = parameters;
  const embedded = 'rpc' in parameters;
  const transport = traced(embedded ? direct(parameters.rpc) : http(parameters.rpcUrl, {
    batch: true, retryCount: 3, timeout: 30_000,
    onFetchRequest: (_request, init) => ({ ...init, headers: { ...(init.headers as Record<string, string> | undefined), ...traceHeaders() } }),
  }));
  const chain = defineChain({
    id: chainId,
    name: embedded ? 'NeuroData embedded chain' : `Chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: embedded ? [] : [parameters.rpcUrl] } },
  });
  return { chainId, chain, transport, publicClient: createPublicClient({ chain, transport, pollingInterval: embedded ? 200 : 2_000 }) };
}
