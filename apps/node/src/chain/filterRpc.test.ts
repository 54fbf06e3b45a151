import { expect, test } from 'vitest';
import { answerRpcBody, maxBatch } from './answerRpcBody.ts';
import { allowedMethods, filterRpc } from './filterRpc.ts';
import { type JsonRpcRequest, rpcResult } from './jsonRpc.ts';

const ask = (method: string, params?: unknown): unknown => ({ jsonrpc: '2.0', id: 7, method, ...(params === undefined ? {} : { params }) });

test('lets reads and signed transactions through, typed', () => {
  expect(filterRpc(ask('eth_blockNumber'))).toEqual({ request: { jsonrpc: '2.0', id: 7, method: 'eth_blockNumber', params: [] } });
  expect(filterRpc(ask('eth_sendRawTransaction', ['0x00']))).toHaveProperty('request.params', ['0x00']);
});

test('refuses everything that moves state or signs, and every way of writing it', () => {
  const forbidden = [
    'anvil_setBalance', 'anvil_mine', 'anvil_dumpState', 'anvil_impersonateAccount', 'evm_mine', 'evm_increaseTime', 'evm_snapshot', 'hardhat_reset',
    'debug_traceCall', 'debug_storageRangeAt', 'trace_block', 'ots_getApiLevel', 'personal_sign', 'personal_unlockAccount', 'eth_sendTransaction', 'eth_sign',
    'eth_signTypedData_v4', 'eth_signTransaction', 'eth_accounts', 'eth_sendUnsignedTransaction', 'txpool_content', 'erigon_getHeaderByNumber', 'tenderly_setBalance',
    'EVM_MINE', ' evm_mine', 'evm_mine ', 'constructor', '__proto__', 'toString', '', 'eth_', 'admin_peers', 'miner_start', 'engine_newPayloadV3',
  ];
  for (const method of forbidden) expect(filterRpc(ask(method)), method).toHaveProperty('refused.error.code', -32601);
  expect([...allowedMethods].filter((method) => !/^(eth|net|web3)_/.test(method))).toEqual([]);
});

test('says what to do instead', () => {
  const message = (method: string): unknown => {
    const filtered = filterRpc(ask(method));
    return 'refused' in filtered && 'error' in filtered.refused ? filtered.refused.error.message : undefined;
  };
  expect(message('eth_newFilter')).toMatchInlineSnapshot(`"eth_newFilter is not served here. Poll eth_blockNumber and eth_getLogs instead."`);
  expect(message('eth_sendTransaction')).toContain('eth_sendRawTransaction');
  expect(message('x'.repeat(5_000))?.toString().length).toBeLessThan(200);
});

test('answers what is no request with an error', () => {
  for (const bad of [null, 5, 'x', [], {}, { jsonrpc: '1.0', id: 1, method: 'eth_chainId' }, { jsonrpc: '2.0', id: 1, method: 5 }]) {
    expect(filterRpc(bad)).toHaveProperty('refused.error.code', -32600);
  }
  expect(filterRpc(ask('eth_chainId', { a: 1 }))).toHaveProperty('refused.error.code', -32602);
});

const echo = async (request: JsonRpcRequest) => rpcResult(request.id, request.method);

test('answers batches in order, with a cap', async () => {
  const body = [ask('eth_chainId'), ask('evm_mine'), { jsonrpc: '2.0', method: 'eth_chainId' }, 5, { jsonrpc: '2.0', id: 'b', method: 'net_version' }];
  expect(await answerRpcBody({ rpc: echo, body })).toMatchObject([{ id: 7, result: 'eth_chainId' }, { id: 7, error: { code: -32601 } }, { id: null, error: { code: -32600 } }, { id: 'b', result: 'net_version' }]);
  expect(await answerRpcBody({ rpc: echo, body: Array.from({ length: maxBatch + 1 }, () => ask('eth_chainId')) })).toHaveProperty('error.code', -32005);
  expect(await answerRpcBody({ rpc: echo, body: [] })).toHaveProperty('error.code', -32600);
  expect(await answerRpcBody({ rpc: echo, body: { jsonrpc: '2.0', method: 'eth_chainId' } })).toBeUndefined();
});
