/** Shapes of JSON-RPC 2.0 (https://www.jsonrpc.org/specification), one request or response at a time. */
export type JsonRpcId = string | number | null;

export type JsonRpcRequest = {
  jsonrpc: '2.0';
  /** Absent for a notification, which gets no answer. */
  id?: JsonRpcId;
  method: string;
  params?: readonly unknown[];
};

export type JsonRpcError = { code: number; message: string; data?: unknown };

export type JsonRpcResponse =
  | { jsonrpc: '2.0'; id: JsonRpcId; result: unknown }
  | { jsonrpc: '2.0'; id: JsonRpcId; error: JsonRpcError };

/** Codes of JSON-RPC 2.0 and EIP-1474. */
export const rpcErrorCodes = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  unavailable: -32002,
  rejected: -32003,
  limit: -32005,
} as const;

export function rpcResult(id: JsonRpcId | undefined, result: unknown): JsonRpcResponse {
  return { jsonrpc: '2.0', id: id ?? null, result };
}

export function rpcError(id: JsonRpcId | undefined, error: JsonRpcError): JsonRpcResponse {
  return { jsonrpc: '2.0', id: id ?? null, error };
}

/** Thrown inside the chain when the EVM answered with an error; carried to the caller as it is. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  readonly error: JsonRpcError;

  constructor(error: JsonRpcError) {
    super(error.message);
    this.error = error;
  }
}
