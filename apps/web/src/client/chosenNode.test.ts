import { expect, test } from 'vitest';
import { askedNode, parseNode, withQuery } from './chosenNode.ts';

test.each([
  ['https://market.example', 'https://market.example'], ['market.example', 'https://market.example'], [' https://Market.Example:8443/ ', 'https://market.example:8443'],
  ['http://localhost:4000', 'http://localhost:4000'], ['localhost:4000', 'http://localhost:4000'], ['127.0.0.1:4000/', 'http://127.0.0.1:4000'], ['https://localhost', 'https://localhost'],
])('%s is the node %s', (text, origin) => {
  expect(parseNode(text)).toBe(origin);
});

test.each([
  ['', /is no address/], ['   ', /is no address/], ['https://', /is no address/], ['javascript:alert(1)', /is no address/], ['data:text/html,x', /is no address/], ['ftp://market.example', /is no address/], ['file:///etc/passwd', /is no address/],
  ['http://market.example', /not encrypted/], ['http://localhost.evil.example', /not encrypted/], ['http://192.168.0.7:4000', /not encrypted/], ['http://[::1]:4000', /not encrypted/],
  ['https://market.example/api', /behind the host/], ['https://market.example?x=1', /behind the host/], ['https://market.example/#/orders', /behind the host/],
  ['https://alice:secret@market.example', /names a user/], ['https://market.example@evil.example', /names a user/],
])('"%s" is refused with the reason', (text, reason) => {
  expect(() => parseNode(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(reason) }));
});

test('a link asks by its query, before the page\'s own address, and the question leaves nothing else changed', () => {
  const page = 'https://host.example/ipfs/bafy/?lang=de#/datasets/1?tab=runs';
  const asking = withQuery(page, 'https://market.example');
  expect(asking).toBe('https://host.example/ipfs/bafy/?lang=de&node=https%3A%2F%2Fmarket.example#/datasets/1?tab=runs');
  expect(askedNode(asking)).toBe('https://market.example');
  expect(askedNode(withQuery(page, ''))).toBe('');
  expect(askedNode(page)).toBeUndefined();
  // The router's own query is not the page's.
  expect(askedNode('https://host.example/#/?node=https://evil.example')).toBeUndefined();
  expect(withQuery(asking, undefined)).toBe(page);
});
