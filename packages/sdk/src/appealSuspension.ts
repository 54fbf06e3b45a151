import { NeuroError, curationAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readSuspensionAppeal } from './readSuspensionAppeal.ts';
import { signPermit } from './signPermit.ts';

/**
 * The owner of a suspended asset asks the jury, and pays for it. Where too few jurors are there, nothing is paid: the bond
 * comes back and `disputeId` is absent. Throws `REVERTED`, `NO_FUNDS`.
 *
 * @param parameters.evidence Address of a document that jurors read, like `ipfs://...`.
 */
export async function appealSuspension(parameters: { client: NeuroClient; assetId: number; evidence: string }): Promise<{ disputeId?: bigint; cost: bigint; hash: Hex; gasUsed: bigint }> {
  const { client, assetId, evidence } = parameters;
  const { curation } = client.config.deployment.addresses;
  const { cost } = await readSuspensionAppeal(client);
  const permit = await signPermit({ client, spender: curation, value: cost });
  const sent = await client.send({ address: curation, abi: curationAbi, functionName: 'appeal', args: [BigInt(assetId), evidence, permit], sentence: `Appeal the suspension of asset ${assetId}` });
  const [opened] = parseEventLogs({ abi: curationAbi, eventName: 'AppealOpened', logs: sent.receipt.logs });
  const [undecided] = parseEventLogs({ abi: curationAbi, eventName: 'AppealUndecided', logs: sent.receipt.logs });
  if (!opened && !undecided) throw new NeuroError('The appeal did nothing.', { code: 'INTERNAL', details: sent.hash });
  return { ...(opened ? { disputeId: opened.args.disputeId } : {}), cost: opened ? cost : 0n, hash: sent.hash, gasUsed: sent.gasUsed };
}
