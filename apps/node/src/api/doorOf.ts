import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/index.ts';
import type { Door } from './handlers/Handler.ts';

const plainName = 'neurodata_refresh';
/** Browsers take a `__Host-` name over TLS only, from this very host, for every path: no other host under the same domain can set one. */
const over = {
  tls: { name: `__Host-${plainName}`, attributes: 'Path=/; HttpOnly; SameSite=Strict; Secure' },
  /** Without TLS there is no such name; then only the routes about sessions are sent it. */
  plain: { name: plainName, attributes: 'Path=/api/v1/auth; HttpOnly; SameSite=Strict' },
} as const;

/** Who calls, and the cookie of the refresh credential, which no script and no other site can read or send. */
export function doorOf(request: FastifyRequest, reply: FastifyReply, accounts: Pick<Accounts, 'secure'>): Door {
  const { name, attributes } = over[accounts.secure() ? 'tls' : 'plain'];
  return {
    requestId: request.id,
    // Both are shown to people and kept: they come from strangers.
    caller: { address: request.ip.slice(0, 64), agent: (request.headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 200) },
    host: request.headers.host ?? '',
    refresh: new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_-]{20,100})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1],
    setRefresh: (credential) => {
      const value = credential ? `${name}=${credential.refresh}; Expires=${new Date(credential.refreshExpiresAt * 1_000).toUTCString()}` : `${name}=; Max-Age=0`;
      reply.header('set-cookie', `${value}; ${attributes}`);
    },
  };
}
