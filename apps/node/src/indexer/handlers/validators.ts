import { eq } from 'drizzle-orm';
import { storable } from '../../common/storable.ts';
import { validators } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';

const id = (args: { validatorId: number }): number => args.validatorId;

export const validatorNoun: Noun = {
  name: 'validator',
  erase: async (tx, text) => {
    await tx.delete(validators).where(eq(validators.validatorId, Number(text)));
  },
  handlers: {
    validators: {
      // Comes again, under the same id, when a validator that had left returns.
      ValidatorRegistered: {
        id,
        apply: async (tx, { args }) => {
          const { validatorId, account, encryptionKey } = args;
          const row = { account, encryptionKey, endpoint: storable(args.endpoint), active: true };
          await tx.insert(validators).values({ validatorId, ...row }).onConflictDoUpdate({ target: validators.validatorId, set: row });
        },
      },
      ValidatorEndpointChanged: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(validators).set({ endpoint: storable(args.endpoint) }).where(eq(validators.validatorId, args.validatorId));
        },
      },
      ValidatorKeyChanged: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(validators).set({ encryptionKey: args.encryptionKey }).where(eq(validators.validatorId, args.validatorId));
        },
      },
      ValidatorLeft: {
        id,
        apply: async (tx, { args }) => {
          await tx.update(validators).set({ active: false }).where(eq(validators.validatorId, args.validatorId));
        },
      },
    },
  },
};
