import { assetRegistryAbi, marketAbi, neuroCoinAbi, orderDisputesAbi, stakingAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import { privateKeyToAccount } from 'viem/accounts';
import { chooseDeployParams, demoVoting, deployContracts } from './chain/index.ts';
import type { ChainClients, Sender } from './chain/index.ts';
import type { Log } from './common/logger.ts';
import type { Settings } from './config.ts';
import { fundCast } from './network.ts';
import type { Cast } from './network.ts';

/** Whose errors the deployer may meet. */
export const economyAbis = [neuroCoinAbi, stakingAbi, validatorsAbi, assetRegistryAbi, marketAbi, orderDisputesAbi, trainingAbi];

/** Contracts and play money on an embedded chain; what is there already is found. */
export async function deployEconomy(parameters: { settings: Settings; clients: ChainClients; cast: Cast; deployer: Sender; log: Log }): Promise<Deployment> {
  const { settings, clients, cast, deployer, log } = parameters;
  const account = privateKeyToAccount(cast.deployer.privateKey);
  // Handed over here too, so that votes decide on the embedded chain as on any other.
  const usual = chooseDeployParams({ treasury: account.address, owner: account.address, windows: settings.windows, voting: demoVoting });
  const curators = cast.people.filter(({ name }) => name === 'curator').map((person) => person.account.address);
  const params = { ...usual, handOver: true, validators: { ...usual.validators, committeeSize: settings.committee }, curation: { ...usual.curation, curators } };
  const deployment = await deployContracts({ clients, account, params, folder: settings.home, log: (line) => log.info(line) });
  await fundCast({ cast, addresses: deployment.addresses, publicClient: clients.publicClient, send: (call) => deployer.send(call) });
  return deployment;
}
