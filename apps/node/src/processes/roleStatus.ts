import type { Readiness } from '@neurodata/protocol';
import type { FastifyInstance } from 'fastify';
import type { Address, PublicClient } from 'viem';
import type { Role } from '../config.ts';
import type { LastDuty } from './watchDuties.ts';

/** What a process says of itself at `/status`. */
export type RoleStatus = Readiness & { roles: Role[]; pid: number; account?: Address; height: number | null; lastDuty: LastDuty | null };

export type StatusSource = {
  roles: Role[];
  publicClient: PublicClient;
  account?: Address;
  lastDuty: () => LastDuty | undefined;
  /** Whether what was to be started has started. */
  started: () => boolean;
};

const ANSWER_MS = 3_000;

export async function readStatus(source: StatusSource): Promise<RoleStatus> {
  const { roles, publicClient, account, lastDuty, started } = source;
  const height = await Promise.race([publicClient.getBlockNumber({ cacheTime: 500 }).then(Number, () => null), new Promise<null>((resolve) => { setTimeout(resolve, ANSWER_MS, null).unref(); })]);
  const parts = {
    chain: height === null ? { ready: false, reason: 'the chain does not answer' } : { ready: true },
    roles: started() ? { ready: true } : { ready: false, reason: `${roles.join(' and ')} is starting` },
  };
  return { ready: Object.values(parts).every(({ ready }) => ready), parts, roles, pid: process.pid, ...(account ? { account } : {}), height, lastDuty: lastDuty() ?? null };
}

/** `/healthz`: the process lives. `/readyz` and `/status`: whether it can do its duties, and what it did last. */
export function addStatusRoutes(app: FastifyInstance, source: StatusSource): void {
  app.get('/readyz', async (_request, reply) => {
    const { ready, parts } = await readStatus(source);
    return reply.code(ready ? 200 : 503).header('cache-control', 'no-store').send({ ready, parts });
  });
  app.get('/status', async (_request, reply) => reply.header('cache-control', 'no-store').send(await readStatus(source)));
}
