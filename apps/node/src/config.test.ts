import { expect, test } from 'vitest';
import { readSettings } from './config.ts';

test('without anything set there are sound defaults', () => {
  expect(readSettings({})).toMatchObject({ host: '127.0.0.1', port: 4000, chainId: 31_337, validators: 3, workers: 2, seed: true, web: true, allowedOrigins: [], logLevel: 'warn' });
});

test('what is set is read', () => {
  const settings = readSettings({ NEURODATA_HOME: '/srv/nd', NEURODATA_PORT: '8080', NEURODATA_SEED: '0', NEURODATA_DATABASE_URL: 'postgres://db', NEURODATA_ALLOWED_ORIGINS: 'https://a.example, https://b.example, *' });
  expect(settings).toMatchObject({ home: '/srv/nd', port: 8080, seed: false, databaseUrl: 'postgres://db', allowedOrigins: ['https://a.example', 'https://b.example', '*'] });
});

test.each([['NEURODATA_PORT', '70000'], ['NEURODATA_VALIDATORS', '2'], ['NEURODATA_SEED', 'maybe'], ['NEURODATA_ALLOWED_ORIGINS', 'not an origin'], ['NEURODATA_LOG', 'loud']])('%s=%s is refused by name', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: expect.stringContaining(name) }));
});
