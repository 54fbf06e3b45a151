import { governorAbi } from '@neurodata/protocol';
import { encodeFunctionData, parseEventLogs, parseUnits } from 'viem';
import { abis, type Economy, noPermit } from './economy.ts';

const forIt = 1;

/**
 * A vote by an account that has wrapped and delegated before, on a proposal that others have voted on. Votes count at the
 * proposal's snapshot.
 */
export async function measureVote(economy: Economy): Promise<{ gas: number; hash: `0x${string}` }> {
  const { write, evm, addresses, holder, publisher, buyer, params } = economy;
  const amount = 2n * params.governance.proposalThreshold;
  for (const voter of [publisher, buyer]) {
    await write(holder, 'neuroCoin', 'transfer', [voter, amount]);
    await write(voter, 'neuroCoin', 'approve', [addresses.neuroVotes, amount]);
    await write(voter, 'neuroVotes', 'wrap', [amount, voter, noPermit]);
  }
  await evm.skip(1);
  const call = encodeFunctionData({ abi: abis.neuroCoin, functionName: 'setBudget', args: [buyer, parseUnits('5', 18)] });
  const { logs } = await write(publisher, 'governor', 'propose', [[addresses.neuroCoin], [0n], [call], 'A budget']);
  const [created] = parseEventLogs({ abi: governorAbi, eventName: 'ProposalCreated', logs });
  if (created === undefined) throw new Error('propose made no ProposalCreated.');
  await evm.skip(params.governance.votingDelay + 1);
  const { proposalId } = created.args;
  await write(publisher, 'governor', 'castVote', [proposalId, forIt]);
  const receipt = await write(buyer, 'governor', 'castVote', [proposalId, forIt]);
  return { gas: Number(receipt.gasUsed), hash: receipt.transactionHash };
}
