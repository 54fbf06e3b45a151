import { z } from 'zod';
import { hexSchema, secondsSchema, versionSchema } from './schemas.ts';

/** EIP-712 types with which an asset's owner asks validator `validatorId` for what only the owner is told. */
export const noticeRequestTypes = {
  NoticeRequest: [
    { name: 'account', type: 'address' },
    { name: 'assetId', type: 'uint256' },
    { name: 'validatorId', type: 'uint16' },
    { name: 'expiresAt', type: 'uint64' },
  ],
} as const;

/** What a validator tells an asset's owner of a version, and nobody else: columns that look like data about people. */
export const noticeSchema = z.object({
  at: secondsSchema,
  version: versionSchema,
  personal: z.array(z.object({ column: z.string().max(200), /** As the engine's `personalKinds`. */ kind: z.string().max(40), /** Different values that look so. */ values: z.number().int().positive() })).max(1_000),
});
export type Notice = z.output<typeof noticeSchema>;

/** What one validator tells the owner, signed by its account; see `ownerAnswerTypes`. */
export const noticesSchema = z.object({ validatorId: z.number().int(), items: z.array(noticeSchema), signature: hexSchema });
