import { engineId } from '@neurodata/engine';
import { curationAbi, marketAbi, orderDisputesAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { Config, Deployment } from '@neurodata/protocol';
import type { PublicClient } from 'viem';
import type { Settings } from './config.ts';
import { nodeVersion } from './common/version.ts';

/** What clients are told of a deployment: windows and fees as the chain has them. */
export async function readConfig(parameters: { publicClient: PublicClient; deployment: Deployment; demo: boolean; walletConnect?: Settings['walletConnect'] }): Promise<Config> {
  const { publicClient, deployment, demo, walletConnect } = parameters;
  const { addresses } = deployment;
  const [market, orderDisputes, training, roundFee, curation] = await Promise.all([
    publicClient.readContract({ address: addresses.market, abi: marketAbi, functionName: 'params' }),
    publicClient.readContract({ address: addresses.orderDisputes, abi: orderDisputesAbi, functionName: 'params' }),
    publicClient.readContract({ address: addresses.training, abi: trainingAbi, functionName: 'params' }),
    publicClient.readContract({ address: addresses.validators, abi: validatorsAbi, functionName: 'roundFee' }),
    publicClient.readContract({ address: addresses.curation, abi: curationAbi, functionName: 'params' }),
  ]);
  return {
    version: nodeVersion, deployment, rpcUrl: '/rpc', demo, engineId, feeBps: market.feeBps, roundFee, listingBond: curation.bond,
    windows: { grant: market.grantWindow, confirm: market.confirmWindow, dispute: orderDisputes.verdictWindow, jobOpen: training.openWindow, jobRun: training.runWindow },
    ...(walletConnect ? { walletConnect } : {}),
  };
}
