import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/index.ts';
import type { Door } from './handlers/Handler.ts';

const cookieName = 'neurodata_refresh';
/** Only the routes about sessions are ever sent it. */
const attributes = 'Path=/api/v1/auth; HttpOnly; SameSite=Strict';

/** Who calls, and the cookie of the refresh credential, which no script and no other site can read or send. */
export function doorOf(request: FastifyRequest, reply: FastifyReply, accounts: Pick<Accounts, 'secure'>): Door {
  const secure = accounts.secure() ? '; Secure' : '';
  return {
    requestId: request.id,
    // Both are shown to people and kept: they come from strangers.
    caller: { address: request.ip.slice(0, 64), agent: (request.headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 200) },
    host: request.headers.host ?? '',
    refresh: new RegExp(`(?:^|;\\s*)${cookieName}=([A-Za-z0-9_-]{20,100})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1],
    setRefresh: (credential) => {
      const value = credential ? `${cookieName}=${credential.refresh}; Expires=${new Date(credential.refreshExpiresAt * 1_000).toUTCString()}` : `${cookieName}=; Max-Age=0`;
      reply.header('set-cookie', `${value}; ${attributes}${secure}`);
    },
  };
}
