import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

/**
 * Takes the network from this process: models are data and have no way to it, and code that should run against all odds
 * finds none either. Where the system has network namespaces, the parent cuts it there, too.
 */
export function cutNetwork(): void {
  const refuse = (): never => {
    throw new Error('There is no network here.');
  };
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  dgram.Socket.prototype.bind = refuse;
  dgram.Socket.prototype.send = refuse;
  for (const name of ['lookup', 'resolve'] as const) Object.defineProperty(dns, name, { value: refuse });
  for (const name of ['fetch', 'WebSocket', 'EventSource']) Object.defineProperty(globalThis, name, { value: undefined });
}
