import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPublicClient, http } from 'viem';
import { expect, test } from 'vitest';
import { explanations, internalErrors } from '@neurodata/protocol';
import { errorsAbi, toNeuroError } from './errors.ts';

test('a gateway that does not reach its chain: worth trying again', async () => {
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32002, message: 'the chain is stopping' } })));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  try {
    const client = createPublicClient({ transport: http(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { retryCount: 0 }) });
    const error = toNeuroError(await client.getChainId().catch((cause: unknown) => cause));
    expect([error.code, error.retryable, error.remedy, error.details]).toEqual(['UNREACHABLE', true, 'Try again in a moment.', 'the chain is stopping']);
  } finally {
    server.close();
  }
});

test('a refusal of any contract of the system is understood', () => {
  const names = errorsAbi.map((item) => ('name' in item ? String(item.name) : ''));
  expect(names).toContain('GrantAlreadyAccused');
  expect(names.filter((name) => !(name in explanations) && !internalErrors.includes(name))).toEqual([]);
  expect(Object.keys(explanations).filter((name) => !names.includes(name))).toEqual([]);
});
