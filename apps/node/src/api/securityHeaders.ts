import helmet from '@fastify/helmet';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';

type SecurityHeadersParameters = {
  overTls: boolean;
  /** Origins besides the node's own that its pages may ask. */
  reachable: string[];
};

/** The headers of every answer that keep pages from harm, as helmet writes them. They are the same each time: written once, where helmet would write them anew for each request. */
export async function addSecurityHeaders(app: FastifyInstance, parameters: SecurityHeadersParameters): Promise<void> {
  const headers = await securityHeaders(parameters);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

async function securityHeaders({ overTls, reachable }: SecurityHeadersParameters): Promise<Record<string, string>> {
  const [plain, safe] = [fastify(), fastify()];
  await safe.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"], scriptSrc: ["'self'", "'wasm-unsafe-eval'"], workerSrc: ["'self'", 'blob:'], connectSrc: ["'self'", ...reachable], imgSrc: ["'self'", 'data:', 'blob:'],
        styleSrc: ["'self'"], fontSrc: ["'self'"], objectSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'self'"], frameAncestors: ["'none'"],
      },
    },
    // Isolated across origins, a page's threads may share memory: the engine's need it.
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    referrerPolicy: { policy: 'no-referrer' },
    // Where people come by https they are to come by nothing else from then on.
    strictTransportSecurity: overTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  const [without, all] = await Promise.all([plain, safe].map(async (app) => (await app.get('/', () => '').inject('/')).headers));
  return Object.fromEntries(Object.entries(all!).filter(([name]) => !(name in without!)).map(([name, value]) => [name, String(value)]));
}
