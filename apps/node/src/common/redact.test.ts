import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { redact } from './redact.ts';

/** Every kind of credential that a node knows, as it may come into a log. */
const token = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF';
const credentials = {
  access: `eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzaWQiOiJ4In0.${token}`,
  refresh: token.replace('Zm9v', 'REFR'),
  apiKey: `nd_01234567_${token.replace('Zm9v', 'KEYY')}`,
  code: token.replace('Zm9v', 'CODE'),
  password: 'correct horse battery staple 9',
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
  secondFactor: '493 021',
  recoveryCodes: ['abcd-efgh-0001', 'abcd-efgh-0002'],
  uri: 'otpauth://totp/NeuroData:ada?secret=JBSWY3DPEHPK3PXP',
  privateKey: `0x${'ab12'.repeat(16)}`,
  mnemonic: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  identity: 'AGE-SECRET-KEY-1QQPQYZQNTCH5LPY0J7YVNL4LQGZ4JX3FV7XM4Q8E3D9W8XJ3Y0QZ8WXYZ',
  share: `0x${'cd34'.repeat(16)}`,
  fileKey: 'ZmlsZSBrZXkgZmlsZSBrZXk=',
  salt: `0x${'ef56'.repeat(16)}`,
  signature: `0x${'1234abcd'.repeat(16)}1b`,
  cookie: `neurodata_refresh=${token.replace('Zm9v', 'COOK')}; other=1`,
  authorization: `Bearer ${token.replace('Zm9v', 'BEAR')}`,
  databaseUrl: 'postgresql://node:db-pass-word@db.example/market',
  smtpUrl: 'smtps://node:mail-pass-word@mail.example:465',
  sealed: 'c2VhbGVkIHRleHQgb2YgYSBtYWls',
  metricsToken: 'metrics-token-of-the-operator',
};
/** What must not be seen of each. */
const secrets = [
  ...Object.values(credentials).flat().filter((value) => !value.includes('://') && !value.startsWith('neurodata_') && !value.startsWith('Bearer')),
  'db-pass-word', 'mail-pass-word', 'JBSWY3DPEHPK3PXP', credentials.cookie.slice(18, 40), credentials.authorization.slice(7), credentials.apiKey.slice(12),
];
const leaks = (text: string): string[] => secrets.filter((secret) => text.includes(secret));

function logged(write: (log: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(createLogger({ level: 'info', known: ['metrics-token-of-the-operator'], destination: { write: (line) => void lines.push(line) } }));
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  return lines;
}

test('no credential is seen in the log, as a field at any depth, in lists, or in a text that is JSON itself', () => {
  const lines = logged((log) => {
    log.info(credentials, 'flat');
    log.info({ a: { b: { c: { d: [credentials] } } } }, 'deep');
    log.info({ body: JSON.stringify(credentials) }, 'quoted');
    for (const [name, value] of Object.entries(credentials)) log.info({ request: { [name]: value } }, `one ${name}`);
  });
  expect(leaks(lines.join(''))).toEqual([]);
});

test('credentials that give themselves away by their form are not seen in messages and in errors', () => {
  const speaking = ['access', 'apiKey', 'uri', 'mnemonic', 'identity', 'cookie', 'authorization', 'databaseUrl', 'smtpUrl', 'metricsToken'] as const;
  const lines = logged((log) => {
    for (const name of speaking) {
      log.error({ error: new Error(`cannot use ${credentials[name]} now`).stack }, `failed with ${credentials[name]}`);
      log.warn(new Error(`cannot use ${credentials[name]} now`));
    }
    log.info(`GET /sign-in#verify=${credentials.code} and ?reset=${credentials.code}`);
    log.info(`the password is "${credentials.refresh}", secret: ${credentials.fileKey}`);
  });
  expect(leaks(lines.join(''))).toEqual([]);
});

test("people's addresses are not seen; what helps to find a fault is", () => {
  const [line] = logged((log) => log.warn({ code: 'NOT_FOUND', order: `0x${'11'.repeat(32)}`, url: '/api/v1/orders?limit=5', to: 'ada.l+x@mail.example.org', error: 'connect ECONNREFUSED 10.0.0.1:5432' }, 'no mail for ada@example.org'));
  expect(line).not.toContain('ada');
  expect(JSON.parse(line!)).toMatchObject({ code: 'NOT_FOUND', order: `0x${'11'.repeat(32)}`, url: '/api/v1/orders?limit=5', error: 'connect ECONNREFUSED 10.0.0.1:5432' });
  expect(redact('https://market.example/assets/5 and 127.0.0.1:4000')).toBe('https://market.example/assets/5 and 127.0.0.1:4000');
});
