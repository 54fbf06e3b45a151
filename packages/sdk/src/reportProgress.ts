import { type Progress, progressReportMessage, progressReportTypes, requestDomain } from '@neurodata/protocol';
import { type Hex, recoverTypedDataAddress } from 'viem';
import { type ApiClient } from './api.ts';
import { type NeuroClient, accountOf } from './createClient.ts';

/**
 * Tells gateways how far a job has come, signed by its worker. Resolves once one of them has it; throws what the first
 * answered where none took it.
 */
export async function reportProgress(parameters: { client: NeuroClient; gateways: Pick<ApiClient, 'reportProgress'>[]; jobId: Hex; progress: Progress }): Promise<void> {
  const { client, gateways, jobId, progress } = parameters;
  const signature = await accountOf(client).signTypedData(typedProgress(client, jobId, progress));
  const told = await Promise.allSettled(gateways.map((gateway) => gateway.reportProgress({ jobId, progress, signature })));
  const refused = told.find((one) => one.status === 'rejected');
  if (refused && !told.some(({ status }) => status === 'fulfilled')) throw refused.reason;
}

/** Who signed a report; undefined on a malformed signature. */
export async function signerOfProgress(parameters: { client: Pick<NeuroClient, 'config'>; jobId: Hex; progress: Progress; signature: Hex }): Promise<Hex | undefined> {
  const { client, jobId, progress, signature } = parameters;
  return recoverTypedDataAddress({ ...typedProgress(client, jobId, progress), signature }).catch(() => undefined);
}

function typedProgress(client: Pick<NeuroClient, 'config'>, jobId: Hex, progress: Progress) {
  const { chainId, addresses } = client.config.deployment;
  return { domain: requestDomain({ chainId, market: addresses.market }), types: progressReportTypes, primaryType: 'ProgressReport', message: progressReportMessage(jobId, progress) } as const;
}
