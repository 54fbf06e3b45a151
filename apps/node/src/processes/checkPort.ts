import { createServer } from 'node:net';
import { NeuroError } from '@neurodata/protocol';

/** @throws NeuroError CONFLICT where nobody could listen there: known before an endpoint is written to the chain. */
export async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host, port }, resolve));
  } catch (cause) {
    throw new NeuroError(`${host}:${port} cannot be listened on.`, { code: 'CONFLICT', cause, details: String(cause), remedy: 'Free the port, or choose another one with --port.' });
  }
  await new Promise((resolve) => server.close(resolve));
}
