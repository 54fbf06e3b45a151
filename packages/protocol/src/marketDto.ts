import { z } from 'zod';
import { preparedCallSchema } from './preparedCall.ts';
import { addressSchema, amountSchema, cidSchema, hex32Schema, secondsSchema } from './schemas.ts';
import { orderStates } from './states.ts';
import { signedPurposeSchema } from './terms/purpose.ts';

/** What to sign, in this order, each after the one before it is in a block. Nobody's keys are kept, so that nobody else can sign it. */
export const preparedCallsSchema = z.object({
  calls: z.array(preparedCallSchema.extend({
    /** What it takes now; null where an earlier call must come first, or the chain says nothing. */
    gas: amountSchema.nullable(),
  })),
  /** Until when the contract takes it, in seconds; null where it says no time. */
  deadline: secondsSchema.nullable(),
  /**
   * What the buyer promises of something that has limits, to be signed before anything is paid: `typedData` is the parameter of `eth_signTypedData_v4`. Once the order is
   * on chain, `statement` and `signature` go to the `purposes` of each of these validators, who grant no key before.
   */
  promise: z.object({ statement: signedPurposeSchema.shape.statement, typedData: z.string(), validators: z.array(z.number().int()) }).optional(),
});
export type PreparedCalls = z.output<typeof preparedCallsSchema>;

/** Where the money of an order is. */
export const escrowStates = ['held', 'released', 'paid', 'returned'] as const;
export type EscrowState = (typeof escrowStates)[number];
/** Words of the routes that prepare them. */
export const escrowActions = ['confirm', 'dispute', 'release', 'refund'] as const;

/** The money of an order. */
export const escrowSchema = z.object({
  orderId: hex32Schema,
  assetId: z.number().int(),
  assetTitle: z.string(),
  buyer: addressSchema,
  seller: addressSchema,
  /** Base units of NCR, or of `token`. */
  amount: amountSchema,
  token: addressSchema.nullable(),
  state: z.enum(escrowStates),
  orderState: z.enum(orderStates),
  openedAt: secondsSchema,
  changedAt: secondsSchema,
  /** Until when what may happen next; absent where nothing more happens. */
  deadline: secondsSchema.optional(),
  turn: z.enum(['validators', 'buyer', 'seller', 'parties', 'jurors', 'anybody', 'nobody']),
  /** What a contract would do with it now, for whom it may. */
  actions: z.array(z.enum(escrowActions)),
});
export type Escrow = z.output<typeof escrowSchema>;

/** Where the sealed bytes of a version are. They open with the key that an order, a subscription or a run was granted. */
export const downloadSchema = z.object({
  assetId: z.number().int(),
  version: z.number().int(),
  manifestDigest: hex32Schema,
  manifestCid: cidSchema,
  /** Bytes; null until the manifest was read. */
  sealedSize: z.number().int().nullable(),
  /** The manifest, from which the content's address follows, on this node. */
  manifestUrl: z.string(),
});
export type Download = z.output<typeof downloadSchema>;

/** What the wallets of a user have done here. */
export const userStatsSchema = z.object({
  wallets: z.number().int(), assets: z.number().int(), orders: z.number().int(), sales: z.number().int(), runs: z.number().int(), reviews: z.number().int(),
});
export type UserStats = z.output<typeof userStatsSchema>;
