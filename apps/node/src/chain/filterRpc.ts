import { type JsonRpcId, type JsonRpcRequest, type JsonRpcResponse, rpcError, rpcErrorCodes } from './jsonRpc.ts';

/** What the public door of the embedded chain lets through: reads, and transactions that somebody else has signed. */
export const allowedMethods: ReadonlySet<string> = new Set([
  'eth_blobBaseFee', 'eth_blockNumber', 'eth_call', 'eth_chainId', 'eth_createAccessList', 'eth_estimateGas',
  'eth_feeHistory', 'eth_gasPrice', 'eth_getBalance', 'eth_getBlockByHash', 'eth_getBlockByNumber',
  'eth_getBlockReceipts', 'eth_getBlockTransactionCountByHash', 'eth_getBlockTransactionCountByNumber', 'eth_getCode',
  'eth_getLogs', 'eth_getProof', 'eth_getStorageAt', 'eth_getTransactionByBlockHashAndIndex',
  'eth_getTransactionByBlockNumberAndIndex', 'eth_getTransactionByHash', 'eth_getTransactionCount',
  'eth_getTransactionReceipt', 'eth_maxPriorityFeePerGas', 'eth_sendRawTransaction', 'eth_simulateV1', 'eth_syncing',
  'net_listening', 'net_version', 'web3_clientVersion', 'web3_sha3',
]);

const pollInstead: ReadonlySet<string> = new Set([
  'eth_newFilter', 'eth_newBlockFilter', 'eth_newPendingTransactionFilter', 'eth_getFilterChanges',
  'eth_getFilterLogs', 'eth_uninstallFilter', 'eth_subscribe', 'eth_unsubscribe',
]);

const signYourself: ReadonlySet<string> = new Set([
  'eth_accounts', 'eth_requestAccounts', 'eth_sendTransaction', 'eth_sign', 'eth_signTransaction', 'eth_signTypedData',
  'eth_signTypedData_v3', 'eth_signTypedData_v4', 'eth_sendUnsignedTransaction', 'personal_sign',
]);

function refusal(method: string): string {
  const shown = method.slice(0, 60);
  if (pollInstead.has(method)) return `${shown} is not served here. Poll eth_blockNumber and eth_getLogs instead.`;
  if (signYourself.has(method)) {
    return `${shown} is not served here: this node holds no keys for its callers. Sign the transaction in your wallet and send it with eth_sendRawTransaction.`;
  }
  return `${shown} is not served here. Reads (eth_, net_, web3_) and eth_sendRawTransaction are.`;
}

function idOf(value: unknown): JsonRpcId {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

export type FilteredRpc = { request: JsonRpcRequest } | { refused: JsonRpcResponse };

/**
 * Decides on one JSON-RPC request of unknown origin: gives it back typed, or the error to answer with. An allow-list, so
 * that a method which a later EVM adds stays shut until somebody opens it.
 */
export function filterRpc(request: unknown): FilteredRpc {
  const { invalidRequest, invalidParams, methodNotFound } = rpcErrorCodes;
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    return { refused: rpcError(null, { code: invalidRequest, message: 'Not a JSON-RPC request object.' }) };
  }
  const { jsonrpc, id, method, params } = request as Record<string, unknown>;
  if (jsonrpc !== '2.0' || typeof method !== 'string') {
    return { refused: rpcError(idOf(id), { code: invalidRequest, message: 'A JSON-RPC 2.0 request needs jsonrpc "2.0" and a method.' }) };
  }
  if (!allowedMethods.has(method)) return { refused: rpcError(idOf(id), { code: methodNotFound, message: refusal(method) }) };
  if (params !== undefined && !Array.isArray(params)) {
    return { refused: rpcError(idOf(id), { code: invalidParams, message: `${method} takes its params as an array.` }) };
  }
  const base = { jsonrpc: '2.0' as const, method, params: (params ?? []) as readonly unknown[] };
  return { request: id === undefined ? base : { ...base, id: idOf(id) } };
}
