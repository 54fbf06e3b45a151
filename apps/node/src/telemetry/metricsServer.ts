import { createServer } from 'node:http';
import { once } from 'node:events';
import { NeuroError } from '@neurodata/protocol';
import type { Service } from '../common/service.ts';
import type { Settings } from '../config.ts';
import type { Metrics } from './createMetrics.ts';

/** A door for `/metrics` alone, on loopback: whoever can reach it may read it. */
export function metricsServer(metrics: Metrics, port: number): Service {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    void metrics.text().then((text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text), () => response.writeHead(500).end());
  });
  return {
    start: async () => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening').catch((cause: unknown) => {
        throw new NeuroError(`127.0.0.1:${port} cannot be listened on.`, { code: 'CONFLICT', cause, details: String(cause), remedy: 'Free the port, or choose another one with NEURODATA_METRICS_PORT.' });
      });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/** Starts it where the settings name a port. */
export async function serveMetrics(parameters: { settings: Settings; metrics: Metrics; stack: AsyncDisposableStack }): Promise<void> {
  const { settings, metrics, stack } = parameters;
  if (settings.metricsPort === undefined) return;
  const server = metricsServer(metrics, settings.metricsPort);
  await server.start();
  stack.defer(() => server.stop());
}
