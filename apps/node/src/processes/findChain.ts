import { NeuroError } from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import { createApi } from '@neurodata/sdk';
import { createChainClients, readDeploymentRecord } from '../chain/index.ts';
import type { ChainClients } from '../chain/index.ts';
import type { RoleSettings } from '../config.ts';

export type FoundChain = { rpcUrl: string; clients: ChainClients; deployment: Deployment };

/**
 * The chain that a process follows and the contracts on it: by the record that it was given, else by what its first
 * gateway says. Either is checked against the chain itself.
 *
 * @throws NeuroError UNREACHABLE, WRONG_CHAIN, or BAD_INPUT where nothing says where the contracts are.
 */
export async function findChain(settings: Pick<RoleSettings, 'rpcUrl' | 'gateways' | 'deploymentFile'>): Promise<FoundChain> {
  const [gateway] = settings.gateways;
  const rpcUrl = settings.rpcUrl ?? (gateway === undefined ? undefined : `${gateway}/rpc`);
  if (rpcUrl === undefined) throw new NeuroError('Nothing says which chain to follow.', { code: 'BAD_INPUT', remedy: 'Add --rpc or --gateway.' });
  const deployment = await findDeployment(settings);
  const clients = createChainClients({ chainId: deployment.chainId, rpcUrl });
  await checkChain(clients, rpcUrl, deployment);
  return { rpcUrl, clients, deployment };
}

async function findDeployment({ deploymentFile, gateways }: Pick<RoleSettings, 'gateways' | 'deploymentFile'>): Promise<Deployment> {
  if (deploymentFile !== undefined) {
    const record = await readDeploymentRecord(deploymentFile);
    if (record?.state === 'deployed') return { chainId: record.chainId, block: record.block, addresses: record.addresses };
    throw new NeuroError(record ? `The deployment in ${deploymentFile} is not finished.` : `There is no file ${deploymentFile}.`, { code: 'BAD_INPUT', remedy: 'Name the deployment.json that the deployment has written.' });
  }
  const [gateway] = gateways;
  if (gateway === undefined) throw new NeuroError('Nothing says where the contracts are.', { code: 'BAD_INPUT', remedy: 'Add --deployment with the deployment.json, or --gateway.' });
  return (await createApi({ url: gateway }).getConfig()).deployment;
}

async function checkChain(clients: ChainClients, rpcUrl: string, deployment: Deployment): Promise<void> {
  const actual = await clients.publicClient.getChainId().catch((cause: unknown) => {
    throw new NeuroError(`No chain answers at ${rpcUrl}.`, { code: 'UNREACHABLE', cause, remedy: 'Check that it runs and that --rpc names it.', retryable: true });
  });
  if (actual !== deployment.chainId) throw new NeuroError(`${rpcUrl} serves chain ${actual}; the contracts are on chain ${deployment.chainId}.`, { code: 'WRONG_CHAIN', remedy: 'Correct --rpc or --deployment.' });
  const code = await clients.publicClient.getCode({ address: deployment.addresses.validators });
  if ((code ?? '0x') === '0x') throw new NeuroError(`Chain ${actual} has no contract at ${deployment.addresses.validators}, where the validators' registry should be.`, { code: 'WRONG_CHAIN', remedy: 'The deployment is of another chain with the same number, or that chain was started anew: correct --deployment.' });
}
