import { eq } from 'drizzle-orm';
import type { Address } from 'viem';
import { storable } from '../../common/storable.ts';
import { workers } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';

const id = (args: { account: Address }): Address => args.account;

export const workerNoun: Noun = {
  name: 'worker',
  erase: async (tx, text) => {
    await tx.delete(workers).where(eq(workers.account, text as Address));
  },
  handlers: {
    workers: {
      // The offer follows at once.
      WorkerRegistered: {
        id,
        apply: async (tx, { args }) => {
          const row = { endpoint: storable(args.endpoint), active: true };
          await tx.insert(workers).values({ account: args.account, ...row, cores: 0, memoryMiB: 0, pricePerUnit: 0n, runtimes: [] }).onConflictDoUpdate({ target: workers.account, set: row });
        },
      },
      OfferChanged: {
        id,
        apply: async (tx, { args }) => {
          const { cores, memoryMiB, pricePerUnit, runtimes } = args.offer;
          await tx.update(workers).set({ endpoint: storable(args.endpoint), cores, memoryMiB, pricePerUnit, runtimes: [...runtimes] }).where(eq(workers.account, args.account));
        },
      },
      WorkerLeft: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(workers).set({ active: false }).where(eq(workers.account, args.account));
        },
      },
    },
  },
};
