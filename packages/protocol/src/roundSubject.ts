import { NeuroError } from './errors.ts';
import type { RoundKind } from './states.ts';

export type RoundSubject = { noun: 'asset'; assetId: number; version: number } | { noun: 'run' | 'order'; id: string } | { noun: 'grant'; id: string; validatorId: number };

/** What a round is about. A version's subject is its key: the asset's number, then 32 bits of version (`AssetRegistry.versionKey`); a grant's ends with the validator's number (16 bits). Throws BAD_INPUT. */
export function roundSubject({ kind, subject }: { kind: RoundKind; subject: string }): RoundSubject {
  if (!/^0x[0-9a-f]{64}$/.test(subject)) throw new NeuroError(`"${subject}" is not 32 bytes.`, { code: 'BAD_INPUT' });
  if (kind === 'grant') return { noun: 'grant', id: subject, validatorId: Number(BigInt(subject) & 0xffffn) };
  if (kind !== 'version') return { noun: kind === 'order' ? 'order' : 'run', id: subject };
  const word = BigInt(subject);
  return { noun: 'asset', assetId: Number(word >> 32n), version: Number(word & 0xffff_ffffn) };
}
