import { z } from 'zod';
import { addressSchema, amountSchema, hexSchema } from './schemas.ts';

/** A transaction that a node has put together and that only its sender can sign: a node keeps nobody's keys. */
export const preparedCallSchema = z.object({
  chainId: z.number().int(),
  to: addressSchema,
  data: hexSchema,
  /** Of the chain's own coin, in base units. */
  value: amountSchema,
  /** What it does, for people. */
  sentence: z.string(),
  /** Linked wallets of who asked from which the contract would take it now. */
  senders: z.array(addressSchema),
});
export type PreparedCall = z.output<typeof preparedCallSchema>;
