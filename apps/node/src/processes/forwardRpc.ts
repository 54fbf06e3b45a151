import type { DevChain } from '../chain/index.ts';

/** Passes requests on to another chain's RPC. What may pass is decided before. Never throws: an outage is a JSON-RPC error. */
export function forwardRpc(rpcUrl: string): DevChain['rpc'] {
  return async (request) => {
    try {
      const response = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request), signal: AbortSignal.timeout(30_000) });
      return (await response.json()) as Awaited<ReturnType<DevChain['rpc']>>;
    } catch {
      return { jsonrpc: '2.0', id: request.id ?? null, error: { code: -32_002, message: 'The chain behind this gateway does not answer; try again in a moment.' } };
    }
  };
}
