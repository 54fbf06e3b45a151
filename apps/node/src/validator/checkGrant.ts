import { checkDisclosure } from '@neurodata/sealing';
import { caseOfGrant, lastLog, readGrantFacts, readLogs } from '@neurodata/sdk';
import { concatHex, hexToBytes } from 'viem';
import { bindEvidence, expectFact, refuseIfWrong } from './finding.ts';
import type { Finding } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/**
 * Looks at a grant that is said to be false: reads it from the chain's logs, and what it should hold from the keyset of who held
 * the key then, and opens it with what the accuser has disclosed. Accept means that it is false.
 *
 * @throws Refusal where there is no such grant, the disclosure shows nothing, or the share is true; anything else where it could
 * not be checked now.
 */
export async function checkGrant(context: CheckContext): Promise<Finding> {
  const { roundId } = context;
  const { client, contracts, account } = context.setup;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.accusations, ...range, eventName: 'GrantAccused', args: { roundId }, strict: true }));
  const { proofId, validatorId, envelope, accuser, disclosure } = lastLog(logs, `The accusation of round ${roundId}`).args;
  const grants = await refuseIfWrong('The grant', readGrantFacts({ client, proofId }));
  const grant = grants.find((one) => one.validatorId === validatorId && one.envelope === envelope);
  expectFact(grant !== undefined, `Validator ${validatorId} granted no such share for ${proofId}.`);
  const found = await refuseIfWrong('The keyset', caseOfGrant({ client, grant, accuser }));
  expectFact(found.places.length > 0, `Validator ${validatorId} held no share of that key.`);
  const { verdict, reason } = checkDisclosure({ ...found, disclosure: hexToBytes(disclosure) });
  expectFact(verdict === 'false', `The share that validator ${validatorId} granted is not shown to be false: ${reason}.`);
  return { verdict: 'accept', evidence: bindEvidence({ roundId, account, bytes: concatHex([grant.sealedShare, disclosure]) }), reason: `the share that validator ${validatorId} granted is false: ${reason}` };
}
