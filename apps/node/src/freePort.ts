import { once } from 'node:events';
import { createServer } from 'node:net';

// Below what operating systems give to outgoing connections: nobody gets such a port by chance between this look and the
// moment somebody listens.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A port of this machine that nobody listens on now: `preferred` where that is one. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && await isFree(preferred)) return preferred;
  for (let tries = 0; tries < 100; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(() => true, () => false);
  if (free) {
    server.close();
    await once(server, 'close');
  }
  return free;
}
