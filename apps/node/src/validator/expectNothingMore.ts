import { encodeReceipt } from '@neurodata/protocol';
import type { Receipt } from '@neurodata/protocol';
import { lastLog, readLogs, toNeuroError } from '@neurodata/sdk';
import { MAX_HEADER_LENGTH, readHeader } from '@neurodata/sealing';
import type { Hex } from 'viem';
import type { Job } from '../duty/readJob.ts';
import { expectFact, refuseIfWrong } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/**
 * Of a trial run: refuses a receipt in which more stands than a receipt has, and sealed files that more keys open than validators had while the job ran. What came out cannot be called back, so a
 * worker that tells it must lose its bond by it. A file of no more keys that leaves a validator out is refused by that one, who cannot open it.
 *
 * @throws Refusal
 */
export async function expectNothingMore(context: CheckContext, job: Job, receipt: Receipt): Promise<void> {
  expectFact(encodeReceipt(receipt).digest === job.receiptDigest, 'The receipt of a trial run holds more than a receipt does.');
  const { modelCid, checkpointsCid } = receipt.body.sealed;
  const most = await countValidators(context, job.jobId);
  for (const [what, cid] of [['model', modelCid], ['checkpoints', checkpointsCid]] as const) {
    const types = await refuseIfWrong(`The sealed ${what}`, readRecipients(context, cid));
    expectFact(types.length <= most && types.every((type) => type === 'X25519'), `The sealed ${what} of a trial run can be opened in ${types.length} ways (${[...new Set(types)].join(', ').slice(0, 80)}), and there were ${most} validators while it ran.`);
  }
}

async function readRecipients({ setup: { client }, signal }: CheckContext, cid: string): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of client.storage.readFile({ cid, length: MAX_HEADER_LENGTH, signal })) pieces.push(piece);
    return readHeader(new Uint8Array(Buffer.concat(pieces))).stanzas.map(({ type }) => type);
  } catch (error) {
    throw toNeuroError(error);
  }
}

/** Validators that were active at some moment between the claim of a job and its receipt. */
async function countValidators({ setup: { client, contracts } }: CheckContext, jobId: Hex): Promise<number> {
  const { publicClient } = client;
  const [claims, receipts, joins, leaves] = await Promise.all([
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.training, ...range, eventName: 'JobClaimed', args: { jobId }, strict: true })),
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.training, ...range, eventName: 'ReceiptSubmitted', args: { jobId }, strict: true })),
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'ValidatorRegistered', strict: true })),
    readLogs(client, (range) => publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'ValidatorLeft', strict: true })),
  ]);
  const claimed = lastLog(claims, `The claim of job ${jobId}`).blockNumber;
  const handedIn = lastLog(receipts, `The receipt of job ${jobId}`).blockNumber;
  const joined = new Map(joins.filter(({ blockNumber }) => blockNumber <= handedIn).map(({ args, blockNumber }) => [args.validatorId, blockNumber]));
  const hadLeft = (id: number, since: bigint): boolean => leaves.some(({ args, blockNumber }) => args.validatorId === id && blockNumber > since && blockNumber < claimed);
  return Array.from(joined).filter(([id, since]) => !hadLeft(id, since)).length;
}
