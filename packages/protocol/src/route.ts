import type { z } from 'zod';
import type { Scope, UserRole } from './userDto.ts';

/** An endpoint is data: the node implements the table, the client is derived from it. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  response: z.ZodType;
  /** Who may call it: anybody where absent; `session`: who is signed in; a scope: who is signed in, or an API key that has it. */
  access?: 'session' | Scope;
  /** Each answer is for one call only, since it hands out or ends a credential: it takes no `Idempotency-Key`. */
  once?: true;
  /** A POST that changes nothing which anybody can see. */
  quiet?: true;
  /**
   * How an answer to GET may be kept. The node itself holds public ones for less than a second, until something changes; `fresh`
   * ones are made for each request, since they read the chain or say how far the node is; `never` ones nobody keeps.
   */
  cache?: 'fresh' | 'never';
  /**
   * Whoever calls has shown within ten minutes who they are, by signing in or by `prove`; else PROOF_NEEDED. `without password`: a user
   * who has one sends it with the request, which is proof enough.
   */
  proof?: true | 'without password';
  /** The role that a user needs besides; one of them where there are several. */
  role?: UserRole | readonly UserRole[];
};
