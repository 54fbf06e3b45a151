import { type AccusationState, NeuroError, accusationStates, accusationsAbi, validatorsAbi } from '@neurodata/protocol';
import { SealingError, discloseShare } from '@neurodata/sealing';
import { type Hex, bytesToHex, parseEventLogs } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { storedIdentity } from './freshIdentity.ts';
import { type GrantFacts, caseOfGrant, readGrantFacts } from './readGrantFacts.ts';
import { signPermit } from './signPermit.ts';

/** A granted share that is false, and how far its punishment is: `none` where nobody has accused it. `atStake` is what its validator has locked, in base units of NCR. */
export type FalseGrant = { grant: GrantFacts; state: AccusationState; atStake: bigint; disclosure: Hex };

/**
 * The false shares among those that an own order or subscription was granted, found with the identity that is kept for it.
 * Nothing is published. Throws `NO_KEY` where that identity is not kept here, and as `readKeyset`.
 */
export async function findFalseGrants(parameters: { client: NeuroClient; proofId: Hex }): Promise<FalseGrant[]> {
  const { client } = parameters;
  const found: FalseGrant[] = [];
  for (const grant of await readGrantFacts(parameters)) {
    const disclosure = await discloseIfFalse(client, grant);
    if (disclosure !== undefined) found.push({ grant, disclosure, ...(await standingOf(client, grant)) });
  }
  return found;
}

/**
 * Has a validator that granted a false share slashed: shows what that one envelope holds, with a bond of one round fee. If a
 * committee finds the same, the bond returns with a part of what the validator loses; if not, it is lost.
 * Discloses neither the recipient's key nor any other share. Throws `BAD_INPUT` where no share of that validator is false,
 * for a true one must never be published; `REVERTED` where it has been accused already, `NO_FUNDS`.
 */
export async function accuseGrant(parameters: { client: NeuroClient; proofId: Hex; validatorId: number }): Promise<{ roundId: Hex; hash: Hex; gasUsed: bigint }> {
  const { client, proofId, validatorId } = parameters;
  const grants = (await findFalseGrants({ client, proofId })).filter(({ grant }) => grant.validatorId === validatorId);
  const found = grants.findLast(({ state }) => state !== 'guilty') ?? grants.at(-1);
  if (!found) throw new NeuroError(`Validator ${validatorId} granted ${proofId} no false share.`, { code: 'BAD_INPUT', remedy: 'Accuse those whose shares are named as false only.' });
  const { addresses } = client.config.deployment;
  const bond = await client.publicClient.readContract({ address: addresses.validators, abi: validatorsAbi, functionName: 'roundFee' }).catch((error: unknown) => { throw toNeuroError(error); });
  const permit = await signPermit({ client, spender: addresses.accusations, value: bond });
  const sent = await client.send({
    address: addresses.accusations, abi: accusationsAbi, functionName: 'accuse', args: [proofId, validatorId, found.grant.envelope, found.disclosure, permit],
    sentence: `Accuse validator ${validatorId} of a false share`,
  });
  const [accused] = parseEventLogs({ abi: accusationsAbi, eventName: 'GrantAccused', logs: sent.receipt.logs });
  if (!accused) throw new NeuroError('Nobody was accused.', { code: 'INTERNAL', details: sent.hash });
  return { roundId: accused.args.roundId, hash: sent.hash, gasUsed: sent.gasUsed };
}

async function discloseIfFalse(client: NeuroClient, grant: GrantFacts): Promise<Hex | undefined> {
  const identity = await storedIdentity(client, grant.recipientKey);
  try {
    return bytesToHex(discloseShare({ ...(await caseOfGrant({ client, grant, accuser: accountOf(client).address })), identity }));
  } catch (error) {
    if (error instanceof SealingError && error.code === 'BAD_ARGUMENT') return undefined;
    throw toNeuroError(error);
  }
}

async function standingOf(client: NeuroClient, { proofId, validatorId, envelope }: GrantFacts): Promise<{ state: AccusationState; atStake: bigint }> {
  const { accusations, validators } = client.config.deployment.addresses;
  const contract = { address: accusations, abi: accusationsAbi } as const;
  const { publicClient } = client;
  try {
    const grantId = await publicClient.readContract({ ...contract, functionName: 'grantIdOf', args: [proofId, validatorId, envelope] });
    const [{ state }, { locked }] = await Promise.all([
      publicClient.readContract({ ...contract, functionName: 'accusationOf', args: [grantId] }),
      publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] }),
    ]);
    return { state: accusationStates[state] ?? 'none', atStake: locked };
  } catch (error) {
    throw toNeuroError(error);
  }
}
