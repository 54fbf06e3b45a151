import { validatorRoutes } from '@neurodata/protocol';
import type { HandoverRef } from '@neurodata/protocol';
import { checkDealing, createEpochKeyset } from '@neurodata/sealing';
import type { AnyKeyset, Dealing } from '@neurodata/sealing';
import { callRoute, readKeyset, toNeuroError } from '@neurodata/sdk';
import { parseCid } from '@neurodata/storage';
import type { Hex } from 'viem';
import { agreeToHandover } from './agreeToHandover.ts';
import { makeDealing, readNextMembers } from './makeDealing.ts';
import type { ValidatorSetup } from './setup.ts';

const ANSWER_MS = 30_000;

/**
 * Gathers dealings of the holders of now, as many as are needed, puts the next keyset together and stores it. Returns its
 * digest, or undefined where too few holders dealt. `leaveOut`: places (from 1) of dealers whose dealings were false.
 */
export async function assembleHandover(parameters: { setup: ValidatorSetup; ref: HandoverRef; leaveOut: ReadonlySet<number>; signal: AbortSignal }): Promise<Hex | undefined> {
  const { setup, ref, leaveOut, signal } = parameters;
  const { client, log } = setup;
  const { facts, handover } = await agreeToHandover({ setup, ref });
  const { keyset: previous } = await readKeyset({ client, facts });
  const members = await readNextMembers({ setup, handover });
  const asked = facts.committee.filter((_, place) => !leaveOut.has(place + 1));
  const dealings = await Promise.all(asked.map(async (validatorId) => {
    try {
      const dealing = await askDealing({ setup, ref, validatorId, signal });
      const index = facts.committee.indexOf(validatorId) + 1;
      const fits = dealing.index === index && checkDealing({ dealing, commitments: previous.commitments, threshold: facts.threshold, count: members.length });
      if (fits) return dealing;
      log.warn({ ...ref, dealer: validatorId }, 'a holder deals what is not its share');
    } catch (error) {
      log.info({ ...ref, dealer: validatorId, reason: toNeuroError(error).message }, 'a holder does not deal');
    }
    return undefined;
  }));
  const enough = dealings.filter((dealing) => dealing !== undefined).slice(0, facts.threshold);
  if (enough.length < facts.threshold) return undefined;
  return store({ setup, made: createEpochKeyset({ previous, previousDigest: facts.keysetDigest, epoch: handover.epoch, threshold: facts.threshold, members, dealings: enough }) });
}

async function askDealing(parameters: { setup: ValidatorSetup; ref: HandoverRef; validatorId: number; signal: AbortSignal }): Promise<Dealing> {
  const { setup, ref, validatorId, signal } = parameters;
  if (validatorId === setup.validatorId) return makeDealing({ setup, ref });
  const { client, contracts } = setup;
  const { endpoint } = await client.publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [validatorId] });
  const answer = await callRoute({ url: endpoint, fetch: client.fetch, deadlineMs: ANSWER_MS, route: validatorRoutes.requestDealing, input: ref, signal }) as { dealing: Dealing };
  return answer.dealing;
}

async function store({ setup, made }: { setup: ValidatorSetup; made: { keyset: AnyKeyset; bytes: Uint8Array; digest: Hex } }): Promise<Hex> {
  const { client } = setup;
  const { cid } = await client.storage.addRaw(made.bytes);
  // Where it cannot be read back, nobody may come to rely on it.
  await client.gateway.get(parseCid(cid));
  return made.digest;
}
