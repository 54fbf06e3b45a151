import { expect, test } from 'vitest';
import { readRoleSettings, readSettings } from './config.ts';

test('a process without a named role has all of them', () => {
  expect(readRoleSettings({})).toBeUndefined();
  expect(readRoleSettings({ NEURODATA_ROLE: '' })).toBeUndefined();
});

test('roles come in the order in which they start, and what they need is read', () => {
  const key = `0x${'0a'.repeat(32)}`;
  expect(readRoleSettings({
    NEURODATA_ROLE: 'worker, validator', NEURODATA_RPC_URL: 'http://127.0.0.1:1/', NEURODATA_GATEWAYS: 'http://a.example/,https://b.example', NEURODATA_DEPLOYMENT: '/srv/deployment.json',
    NEURODATA_PRIVATE_KEY: key.slice(2), NEURODATA_ENDPOINT: 'https://me.example/',
  })).toEqual({
    roles: ['validator', 'worker'], rpcUrl: 'http://127.0.0.1:1', gateways: ['http://a.example', 'https://b.example'], deploymentFile: '/srv/deployment.json', privateKey: key, endpoint: 'https://me.example', demo: false,
  });
  expect(readSettings({ NEURODATA_ROLE: 'worker' }).logLevel).toBe('info');
});

test('a gateway that is told of no chain brings one, with play money; one that is told of a chain has neither', () => {
  expect(readRoleSettings({ NEURODATA_ROLE: 'gateway' })).toMatchObject({ roles: ['chain', 'gateway'], demo: true });
  expect(readRoleSettings({ NEURODATA_ROLE: 'gateway', NEURODATA_RPC_URL: 'https://chain.example' })).toMatchObject({ roles: ['gateway'], demo: false });
});

test.each([['NEURODATA_ROLE', 'king'], ['NEURODATA_RPC_URL', 'ftp://x'], ['NEURODATA_GATEWAYS', 'nowhere'], ['NEURODATA_PRIVATE_KEY', '0x12'], ['NEURODATA_ENDPOINT', 'me']])('%s=%s is refused by name', (name, value) => {
  expect(() => readRoleSettings({ NEURODATA_ROLE: 'validator', [name]: value })).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: expect.stringContaining(name) }));
});
