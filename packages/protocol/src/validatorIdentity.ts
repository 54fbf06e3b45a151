/** EIP-712 types of the statement from whose signature a validator's sealing identity is made. */
export const validatorIdentityTypes = {
  ValidatorIdentity: [
    { name: 'statement', type: 'string' },
    { name: 'index', type: 'uint32' },
  ],
} as const;

/** What a wallet shows. Never changed: another text is another identity. */
export const validatorIdentityStatement =
  'NeuroData validator identity. Whoever has this signature can open the key shares that are sealed to this validator. Sign it only in a NeuroData node that you run.';

/** The EIP-712 message of a validator's identity; 0 is the first. */
export function validatorIdentityMessage(index: number): { statement: string; index: number } {
  return { statement: validatorIdentityStatement, index };
}
