import { NeuroError } from '@neurodata/protocol';
import type { Route } from '@neurodata/protocol';
import type { FastifyRequest } from 'fastify';

/** The `Idempotency-Key` of a request that changes something, in quotes or without them. */
export function idempotencyKeyOf(request: FastifyRequest, route: Route): string | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined || route.method === 'GET') return undefined;
  if (route.once) throw new NeuroError('This route takes no Idempotency-Key: each of its answers is for one call only.', { code: 'BAD_INPUT', remedy: 'Send it without one.' });
  const key = /^"?([\x21\x23-\x7e]{1,200})"?$/.exec(String(header))?.[1];
  if (key === undefined) throw new NeuroError('This Idempotency-Key is not valid.', { code: 'BAD_INPUT', remedy: 'Use 1 to 200 visible ASCII characters without quotes or spaces, such as a random UUID.' });
  return key;
}

/** The same text for the same values, whatever the order of their fields. */
export function stableText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    (typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner)) ?? 'null';
}
