import type { FastifyReply, FastifyRequest } from 'fastify';

const methods = 'GET, HEAD, POST, PUT, DELETE';
const requestHeaders = 'authorization, content-type, cache-control, idempotency-key, if-none-match, x-request-id';
const answerHeaders = 'etag, idempotency-replayed, ratelimit, ratelimit-policy, retry-after, x-request-id';
const preflightSeconds = 600;

export type Cors = {
  /** Lets a page of a listed origin read the answer; for others it says nothing. */
  allow(request: FastifyRequest, reply: FastifyReply): void;
  /** Whether this is a browser's question before a page's request, from a listed origin. */
  isPreflight(request: FastifyRequest): boolean;
};

/** Pages of these origins may read and write, with credentials (the Fetch standard, 3.2). `*` lets every page read and write, but without cookies. */
export function createCors(allowed: readonly string[]): Cors {
  const origins = new Set(allowed.filter((entry) => entry !== '*' && URL.canParse(entry)).map((entry) => new URL(entry).origin));
  const anybody = allowed.includes('*');
  const isListed = (origin: string | undefined): origin is string => origin !== undefined && (anybody || origins.has(origin));
  return {
    allow: (request, reply) => {
      if (!anybody && origins.size === 0) return;
      reply.header('vary', 'origin');
      const { origin } = request.headers;
      if (!isListed(origin)) return;
      reply.header('access-control-allow-origin', origins.has(origin) ? origin : '*').header('access-control-expose-headers', answerHeaders);
      if (origins.has(origin)) reply.header('access-control-allow-credentials', 'true');
      if (isPreflight(request)) reply.header('access-control-allow-methods', methods).header('access-control-allow-headers', requestHeaders).header('access-control-max-age', preflightSeconds);
    },
    isPreflight: (request) => isPreflight(request) && isListed(request.headers.origin),
  };
}

const isPreflight = (request: FastifyRequest): boolean => request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
