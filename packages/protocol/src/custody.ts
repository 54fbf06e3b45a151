import { z } from 'zod';
import { addressSchema, hex32Schema, hexSchema } from './schemas.ts';

/** What a holder deals to the holders of the next epoch; see `dealShare` of the sealing package. */
export const dealingSchema = z.object({ index: z.number().int().min(1).max(255), commitments: z.array(hexSchema).max(255), sealedShares: z.array(hexSchema).max(255) });

/** Names a handover on chain: a version's, as `opener` has opened it. */
export const handoverRefSchema = z.object({ assetId: z.number().int().positive(), version: z.number().int().positive(), opener: addressSchema });
export type HandoverRef = z.output<typeof handoverRefSchema>;

/** A challenge to prove that one holds a share: anybody may ask, nothing of the share leaves. `nonce` is the asker's and used once. */
export const drillRequestSchema = z.object({ assetId: z.number().int().positive(), version: z.number().int().positive(), nonce: hex32Schema });
export type DrillRequest = z.output<typeof drillRequestSchema>;

/** Okamoto's proof for the commitment of the holder's share in the keyset named. */
export const drillAnswerSchema = z.object({
  validatorId: z.number().int(), epoch: z.number().int().nonnegative(), keyset: hex32Schema,
  proof: z.object({ point: hexSchema, value: hex32Schema, blinding: hex32Schema }),
});
export type DrillAnswer = z.output<typeof drillAnswerSchema>;
