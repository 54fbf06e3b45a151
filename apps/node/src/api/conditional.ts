import { createHash } from 'node:crypto';
import type { Route } from '@neurodata/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HeldAnswer } from './createHeldAnswers.ts';

/** A strong entity tag: the same bytes, the same tag. */
export function tagged(text: string): HeldAnswer {
  const body = Buffer.from(text);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}

/** Whether `If-None-Match` names what would be sent (RFC 9110, 13.1.2: compared weakly). */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** Who may keep an answer: of what belongs to somebody nobody keeps anything, the rest is asked for again each time. */
export function cacheControlOf(route: Route): string {
  return route.method !== 'GET' || route.access !== undefined || route.cache === 'never' ? 'no-store' : 'public, no-cache';
}

/** Sends the answer, or 304 where the caller has it. */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, { body, etag }: HeldAnswer): FastifyReply {
  reply.header('etag', etag);
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(body);
}
