import { expect, test } from 'vitest';
import { checkOrigin } from './checkOrigin.ts';

const allowed = ['https://market.example', 'http://localhost:5173'];

test('lets in this machine, its own pages and the allowed origins', () => {
  const good = [
    { host: 'localhost:4000' }, { host: '127.0.0.1:4000' }, { host: '[::1]:4000' }, { host: 'LOCALHOST:4000' }, { host: 'market.example' },
    { host: 'localhost:4000', origin: 'http://localhost:4000' }, { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000' },
    { host: '[::1]:4000', origin: 'http://[::1]:4000' }, { host: 'localhost:4000', origin: 'http://localhost:5173' },
    { host: 'market.example', origin: 'https://market.example' }, { host: 'localhost:4000', origin: 'https://market.example' },
  ];
  for (const headers of good) expect(checkOrigin({ ...headers, allowed }), JSON.stringify(headers)).toBe(true);
});

test('keeps out rebound names, other sites and odd headers', () => {
  const bad = [
    {}, { host: '' }, { host: 'evil.example' }, { host: 'evil.example:4000', origin: 'http://evil.example:4000' }, { host: 'localhost.evil.example:4000' },
    { host: '127.0.0.1.nip.io:4000' }, { host: '192.168.1.5:4000' }, { host: 'localhost:4000', origin: 'http://evil.example' },
    { host: 'localhost:4000', origin: 'null' }, { host: 'localhost:4000', origin: 'file://' }, { host: 'localhost:4000', origin: 'http://localhost:9999' },
    { host: 'localhost:4000', origin: 'http://localhost:4000@evil.example' }, { host: 'localhost:4000', origin: '' },
    { host: 'market.example', origin: 'http://market.example' }, { host: 'market.example', origin: 'https://market.example.evil.example' },
    { host: 'user@localhost:4000' }, { host: 'localhost:4000/x' }, { host: 'localhost:4000, evil.example' },
  ];
  for (const headers of bad) expect(checkOrigin({ ...headers, allowed }), JSON.stringify(headers)).toBe(false);
});

test('a star opens every origin but no foreign host', () => {
  expect(checkOrigin({ host: 'localhost:4000', origin: 'http://any.example', allowed: ['*'] })).toBe(true);
  expect(checkOrigin({ host: 'evil.example', origin: 'http://evil.example', allowed: ['*'] })).toBe(false);
});
