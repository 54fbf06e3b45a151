import { randomBytes } from 'node:crypto';
import { sha256Hex } from '@neurodata/protocol';
import { sealGrant, sealShare } from '@neurodata/sealing';
import { bytesToHex, encodeAbiParameters, keccak256 } from 'viem';
import { trainInThread } from '../../apps/node/src/duty/runInThread.ts';
import type { StandIns } from '../../apps/node/src/processes/startRoles.ts';
import { checkRound } from '../../apps/node/src/validator/checkRound.ts';
import type { CheckRound } from '../../apps/node/src/validator/checkRound.ts';

/** `liar`: a validator that grants false shares and lies about runs, each time in another way; `forger`: a worker that reports another model than it has trained. */
export type LieKind = 'liar' | 'forger';

const invented = (): `0x${string}` => bytesToHex(randomBytes(32));

/** Says the opposite of what it finds. */
const opposite: CheckRound = async (round) => {
  const finding = await checkRound(round);
  return { verdict: finding.verdict === 'accept' ? 'reject' : 'accept', evidence: invented(), reason: 'a lie' };
};

/** Accepts what it has not looked at. */
const lazy: CheckRound = () => Promise.resolve({ verdict: 'accept', evidence: invented(), reason: 'a lie' });

/** Puts another verdict into the commitment than the one that its node will reveal. */
const equivocal: CheckRound = async (round) => {
  const finding = await checkRound(round);
  const { client, contracts, account } = round.setup;
  const other = finding.verdict === 'accept' ? 2 : 1;
  const types = [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint8' }, { type: 'bytes32' }, { type: 'bytes32' }] as const;
  const commitment = keccak256(encodeAbiParameters(types, [round.roundId, account, other, invented(), invented()]));
  await client.send({ ...contracts.validators, functionName: 'commit', args: [round.roundId, commitment], sentence: 'Commit to another verdict' });
  return finding;
};

/** Well formed, and sealed to the right key: only the commitment shows that it is false. */
const falsely = (seal: typeof sealShare): typeof sealShare => (parameters) => {
  const { share } = parameters;
  return seal({ ...parameters, share: { ...share, value: share.value.map((byte, index) => (index === 31 ? byte ^ 1 : byte)) } });
};

const forge: NonNullable<StandIns['train']> = async (parameters) => {
  const honest = await trainInThread(parameters);
  const model = honest.model.slice();
  model[model.length - 1]! ^= 1;
  return { ...honest, model, modelDigest: sha256Hex(model) };
};

const ways = [opposite, lazy, equivocal];

/** About runs only: what is said of versions decides nothing about anybody's stake. */
const lying: CheckRound = (round) => (round.kind === 'run' ? ways[Number(BigInt(round.roundId) % BigInt(ways.length))]! : checkRound)(round);

const lies: Record<LieKind, StandIns> = {
  liar: { check: lying, sealShare: falsely(sealShare), sealGrant: falsely(sealGrant) },
  forger: { train: forge },
};

/** What stands in for the honest parts of a node that lies. */
export function lieOf(kind: LieKind): StandIns {
  return lies[kind];
}
