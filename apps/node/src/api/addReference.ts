import { fastifySwaggerUi } from '@fastify/swagger-ui';
import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { describeApi } from './openapi.ts';

/** The site's policy, and the one style element that the page brings. */
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** `/openapi.json`, and `/api/docs`: the same to read and to try. */
export async function addReference(app: FastifyInstance, version: string): Promise<void> {
  const description = describeApi(version);
  const text = JSON.stringify(description);
  app.get('/openapi.json', (_request, reply) => reply.header('cache-control', 'public, no-cache').type('application/json').send(text));
  await app.register(async (scope) => {
    // What the page takes its description from; the table is described here, not by a plugin.
    scope.decorate('swagger', (() => description) as never);
    // Called, not registered: it asks for that plugin by its name.
    await (fastifySwaggerUi as unknown as (scope: FastifyInstance, options: FastifySwaggerUiOptions) => Promise<void>)(scope, {
      routePrefix: '/api/docs', uiConfig: { docExpansion: 'none', deepLinking: true, filter: true, persistAuthorization: false, validatorUrl: null, tryItOutEnabled: false },
      theme: { title: 'NeuroData API' }, staticCSP: policy,
    });
  });
}
