import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/index.ts';
import { startServerSpan } from '../common/tracing.ts';
import type { ServerSpan } from '../common/tracing.ts';

/** Where figures are kept and given out. */
export type ApiMetrics = {
  request(facts: { method: string; route: string; status: number; seconds: number }): void;
  text(): Promise<string>;
  contentType: string;
  /** Whoever shows it may read them, besides admins. */
  token?: string;
};

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** Counts and traces each request by its route. Registered first, so that refused ones are seen, too. */
export function addObservers(app: FastifyInstance, metrics: ApiMetrics | undefined): void {
  const spans = new WeakMap<FastifyRequest, ServerSpan>();
  app.addHook('onRequest', (request, _reply, done) => {
    const { traceparent } = request.headers;
    const span = startServerSpan({ method: request.method, traceparent: typeof traceparent === 'string' ? traceparent : undefined });
    if (!span) return done();
    spans.set(request, span);
    span.run(done);
  });
  // A body arrives by events of the socket, which know of no request.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.run(done);
    else done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    spans.get(request)?.end({ route, status: reply.statusCode });
    metrics?.request({ method: methods.has(request.method) ? request.method : 'other', route, status: reply.statusCode, seconds: reply.elapsedTime / 1_000 });
    done();
  });
}

/** As the table writes it; one word for all that is not served, of which anybody can think up any number. */
function routeOf(request: FastifyRequest): string {
  const { url } = request.routeOptions;
  if (url === undefined) return 'none';
  return url.replaceAll(/:(\w+)/g, '{$1}');
}

/** `GET /metrics`: for whoever shows the token of the settings, and for admins. */
export function addMetricsDoor(app: FastifyInstance, metrics: ApiMetrics, accounts: Pick<Accounts, 'authenticate'>): void {
  app.get('/metrics', async (request, reply) => {
    const { authorization } = request.headers;
    if (metrics.token === undefined || !isSame(authorization ?? '', `Bearer ${metrics.token}`)) await accounts.authenticate(authorization, { access: 'session', role: 'admin' });
    return reply.type(metrics.contentType).header('cache-control', 'no-store').send(await metrics.text());
  });
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
