import { expect, test } from 'vitest';
import { readSettings } from './config.ts';

test('without anything set there are sound defaults', () => {
  expect(readSettings({})).toMatchObject({ host: '127.0.0.1', port: 4000, chainId: 31_337, validators: 3, workers: 2, seed: true, web: true, allowedOrigins: [], logLevel: 'warn' });
});

test('what is set is read', () => {
  const settings = readSettings({ NEURODATA_HOME: '/srv/nd', NEURODATA_PORT: '8080', NEURODATA_SEED: '0', NEURODATA_DATABASE_URL: 'postgres://db', NEURODATA_ALLOWED_ORIGINS: 'https://a.example, https://b.example, *' });
  expect(settings).toMatchObject({ home: '/srv/nd', port: 8080, seed: false, databaseUrl: 'postgres://db', allowedOrigins: ['https://a.example', 'https://b.example', '*'] });
});

test.each([['NEURODATA_PORT', '70000'], ['NEURODATA_VALIDATORS', '2'], ['NEURODATA_SEED', 'maybe'], ['NEURODATA_ALLOWED_ORIGINS', 'not an origin'], ['NEURODATA_LOG', 'loud'], ['NEURODATA_BITSWAP', 'localhost:4002'], ['NEURODATA_BITSWAP_PEERS', '/ip4/127.0.0.1/tcp/4001'], ['NEURODATA_WALLETCONNECT_PROJECT_ID', 'a b'], ['NEURODATA_WALLETCONNECT_RELAY', 'https://relay.example'], ['NEURODATA_WALLETCONNECT_RELAY', 'ws://relay.example']])('%s=%s is refused by name', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: expect.stringContaining(name) }));
});

test('bitswap is off unless it is told where to listen', () => {
  expect(readSettings({})).not.toHaveProperty('bitswap');
  const peer = '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWQJ6NKpzV5k2PUbGUHjJq6GvgGqQZYWxk5G8qkdQd7Pnv';
  expect(readSettings({ NEURODATA_BITSWAP: '/ip4/0.0.0.0/tcp/4002', NEURODATA_BITSWAP_PEERS: peer })).toMatchObject({ bitswap: { listen: ['/ip4/0.0.0.0/tcp/4002'], peers: [peer] } });
  expect(() => readSettings({ NEURODATA_BITSWAP_PEERS: peer })).toThrow(expect.objectContaining({ details: expect.stringContaining('NEURODATA_BITSWAP') }));
});

test('WalletConnect is offered under a project id, by its makers’ relay or an own one', () => {
  expect(readSettings({ NEURODATA_WALLETCONNECT_RELAY: 'wss://relay.example' }).walletConnect).toBeUndefined();
  expect(readSettings({ NEURODATA_WALLETCONNECT_PROJECT_ID: 'abc' }).walletConnect).toEqual({ projectId: 'abc', relayUrl: 'wss://relay.walletconnect.org' });
  expect(readSettings({ NEURODATA_WALLETCONNECT_PROJECT_ID: 'abc', NEURODATA_WALLETCONNECT_RELAY: 'ws://127.0.0.1:5555' }).walletConnect).toEqual({ projectId: 'abc', relayUrl: 'ws://127.0.0.1:5555' });
});
