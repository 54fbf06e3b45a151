import path from 'node:path';
import { neuroCoinAbi, stakingAbi } from '@neurodata/protocol';
import { parseUnits } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createSender, demoAccounts } from '../chain/index.ts';
import { economyAbis } from '../deployEconomy.ts';
import { loadAccount } from '../processes/accountFile.ts';
import { accountFileOf } from '../processes/connectRole.ts';
import { findChain } from '../processes/findChain.ts';
import { homeOf } from './planNet.ts';
import type { NetNode } from './planNet.ts';

const workingCapital = parseUnits('50000', 18);
const gasMoney = parseUnits('100', 18);

/**
 * Gives a network's validators and workers play money: for gas and for their stake. Their keys are on disk before they are
 * paid, and balances are looked at first: a start that was interrupted goes on, and pays nobody twice.
 */
export async function fundNodes(parameters: { folder: string; rpcUrl: string; nodes: NetNode[] }): Promise<void> {
  const { folder, rpcUrl, nodes } = parameters;
  const { clients, deployment } = await findChain({ rpcUrl, gateways: [], deploymentFile: path.join(folder, 'chain', 'deployment.json') });
  const { publicClient } = clients;
  const { neuroCoin, staking } = deployment.addresses;
  const deployer = createSender({ clients, account: privateKeyToAccount(demoAccounts(1)[0]!.privateKey), abis: economyAbis });
  for (const node of nodes) {
    const { address } = await loadAccount(accountFileOf(homeOf(folder, node)));
    const [gas, balance, staked] = await Promise.all([
      publicClient.getBalance({ address }),
      publicClient.readContract({ address: neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [address] }),
      publicClient.readContract({ address: staking, abi: stakingAbi, functionName: 'stakeOf', args: [address] }),
    ]);
    if (gas === 0n) await deployer.pay({ to: address, value: gasMoney });
    if (balance + staked === 0n) await deployer.send({ address: neuroCoin, abi: neuroCoinAbi, functionName: 'transfer', args: [address, workingCapital], sentence: `Fund ${node.name}` });
  }
}
