import { expect, test } from 'vitest';
import { delegateOfUrl, multiaddrOfUrl, urlOfMultiaddr } from './multiaddr.ts';
import { originBlocks } from './originBlocks.ts';

test('addresses go both ways, and what is no HTTP is none', () => {
  for (const url of ['https://a.example:443', 'http://127.0.0.1:4000', 'https://[2001:db8::1]:8443', 'http://localhost:80']) expect(urlOfMultiaddr(multiaddrOfUrl(url))).toBe(url);
  expect([multiaddrOfUrl('https://market.example/'), urlOfMultiaddr('/dns4/a.example/tcp/443/tls/http/p2p/12D3KooW')]).toEqual(['/dns/market.example/tcp/443/https', 'https://a.example:443']);
  expect(delegateOfUrl('https://market.example/')).toMatch(/^\/dns\/market\.example\/tcp\/443\/https\/p2p\/Qm[1-9A-HJ-NP-Za-km-z]{44}$/);
  expect(urlOfMultiaddr(delegateOfUrl('https://market.example/'))).toBe('https://market.example:443');
  expect(['', '/p2p/QmX', '/ip4/1.2.3.4/udp/4001/quic-v1', '/ip4/999.2.3.4/tcp/80/http', '/dns/a@b/tcp/80/http', '/dns/a/tcp/99999/http', '/ip4/1.2.3.4/tcp/4001/p2p/QmX', '/dns/a/tcp/80/http/../../x'].map(urlOfMultiaddr)).toEqual(Array(8).fill(undefined));
});

test('neighbours of this node are not asked', async () => {
  for (const [origin, loopback] of [['/ip4/127.0.0.1/tcp/1/http', false], ['/ip4/10.0.0.1/tcp/80/http', true], ['/ip4/169.254.169.254/tcp/80/http', true]] as const) {
    const [blocks] = originBlocks([origin], { loopback });
    const { parseCid } = await import('@neurodata/storage');
    await expect(blocks!.get(parseCid('bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'))).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('no host on the public network') });
  }
  expect(originBlocks(['/p2p/QmX', '/dns/a.example/tcp/443/https', '/dns/a.example/tcp/443/https'], { loopback: false })).toHaveLength(1);
});
