import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { checkWebhookUrl, postWebhook } from './postWebhook.ts';
import { isPublicAddress } from '../common/publicAddress.ts';

/** Where webhooks may go. No name is asked of the network: the test says what names mean. */

const names = (table: Record<string, string[]>) => async (host: string) => (table[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const check = (url: string, table: Record<string, string[]> = {}, loopback = false) => checkWebhookUrl(url, { loopback, resolve: names(table) });

test.each([
  'http://example.org/', 'ftp://example.org/', 'javascript:alert(1)', 'file:///etc/passwd', 'not an address', 'https://user:secret@example.org/', 'https://unknown.example/',
  'https://127.0.0.1/', 'https://localhost/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:10.0.0.1]/', 'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/',
  'https://169.254.169.254/latest/meta-data/', 'https://10.1.2.3/', 'https://192.168.1.1/', 'https://172.20.0.1/', 'https://100.64.0.1/', 'https://0.0.0.0/', 'https://224.0.0.1/', 'https://255.255.255.255/', 'https://[fc00::1]/', 'https://[fe80::1]/', 'https://[ff02::1]/', 'https://[::]/',
  'https://mixed.example/', 'https://inside.example/',
])('%s is refused', async (url) => {
  await expect(check(url, { 'example.org': ['93.184.216.34'], localhost: ['127.0.0.1'], 'mixed.example': ['93.184.216.34', '10.0.0.1'], 'inside.example': ['fd00::1'] })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('a public server is let through, with the address that was checked', async () => {
  expect(await check('https://hooks.example/a?b=c', { 'hooks.example': ['93.184.216.34', '2606:2800:220:1::1'] })).toMatchObject({ address: '93.184.216.34', family: 4 });
  expect(await check('https://[2606:2800:220:1::1]:8443/')).toMatchObject({ address: '2606:2800:220:1::1', family: 6 });
});

test('this machine is for whoever set it so', async () => {
  expect(await check('http://127.0.0.1:9/', {}, true)).toMatchObject({ address: '127.0.0.1' });
  await expect(check('http://93.184.216.34/', {}, true)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(check('https://10.0.0.1/', {}, true)).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('whatever the name says a moment later, the post goes to the address that was checked', async () => {
  const hosts: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    hosts.push(request.headers.host);
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  let asked = 0;
  // Once this machine, then another one: nothing listens there.
  const resolve = async () => [{ address: (asked += 1) === 1 ? '127.0.0.1' : '127.0.0.99', family: 4 }];
  expect(await postWebhook({ url: `http://rebinding.example:${port}/`, headers: {}, body: '{}', loopback: true, resolve })).toBe(200);
  expect([asked, hosts]).toEqual([1, [`rebinding.example:${port}`]]);
  server.closeAllConnections();
  server.close();
});

test('addresses of every special registry are not public; plain ones are', () => {
  expect(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'].map(isPublicAddress)).toEqual([true, true, true, true, true]);
  expect(['198.18.0.1', '203.0.113.5', '192.0.2.1', '2001:db8::1', '2001::1', '3fff::1', '::ffff:8.8.8.8', '1::1'].map(isPublicAddress)).toEqual(Array.from({ length: 8 }, () => false));
});
