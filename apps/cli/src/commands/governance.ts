import { NeuroError, neuroCoinAbi, neuroVotesAbi } from '@neurodata/protocol';
import {
  type EncodedCall, type ProposalFacts, type Support, cancelProposal, castVote, delegateVotes, executeProposal, listProposals, propose, queueProposal, readProposal, readProposedCall, unwrapVotes, wrapVotes,
} from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Address, isAddress, isHex } from 'viem';
import { type Context, type Result, act, findDemoAccount } from '../context.ts';
import { clean, facts, ncr, short, table, toJson, when } from '../output.ts';
import { price } from '../parse.ts';
import { done } from '../sentResult.ts';

export function governanceCommand(): Command {
  const governance = new Command('governance');
  governance.command('list').description('every proposal, newest first').action(act(list));
  governance.command('show <proposal>').description('what it would do, and how it stands').action(act(show));
  governance.command('votes').description("the account's votes").action(act(votes));
  governance.addCommand(new Command('wrap').description('turn NCR into votes').addArgument(new Argument('<amount>', 'NCR').argParser(price)).action(act(wrap)));
  governance.addCommand(new Command('unwrap').description('turn votes back into NCR').addArgument(new Argument('<amount>', 'NCR').argParser(price)).action(act(unwrap)));
  governance.command('delegate <account>').description("let another account vote with this one's votes").action(act(delegate));
  governance.command('propose <call> <arguments>').description("propose a call, e.g. market.setParams '{\"feeBps\": 30}', or of any contract by its address and the call's data")
    .requiredOption('--title <text>', 'why; two proposals of the same call need different titles')
    .action(act(create));
  governance.command('vote <proposal>').description('vote, once').addArgument(new Argument('<choice>').choices(['for', 'against', 'abstain'])).option('--reason <text>', 'public').action(act(vote));
  governance.command('cancel <proposal>').description('take own proposal back, until voting begins').action(act(cancel));
  governance.command('queue <proposal>').description('hand a proposal that has won to the timelock').action(act(queue));
  governance.command('execute <proposal>').description("make a queued proposal's calls, once its delay is over").action(act(execute));
  return governance;
}

/** A proposal by its id or the beginning of it. */
async function findProposal(context: Context, text: string): Promise<bigint> {
  const all = await listProposals({ client: await context.client() });
  const found = all.filter(({ proposalId }) => String(proposalId).startsWith(text));
  if (found.length === 1 && found[0] && /^\d+$/.test(text)) return found[0].proposalId;
  throw new NeuroError(found.length === 0 ? `There is no proposal ${text}.` : `${found.length} proposals begin with ${text}.`, { code: 'NOT_FOUND', remedy: 'Give its id as `governance list` shows it, or more digits of it.' });
}

async function list(context: Context): Promise<Result> {
  const items = await listProposals({ client: await context.client() });
  const rows = items.map((proposal) => [String(proposal.proposalId).slice(0, 10), proposal.state, ncr(proposal.votes.for), ncr(proposal.votes.against), short(proposal.description, 48), when(proposal.voteEnd)]);
  return { value: { items }, text: table(['proposal', 'state', 'for', 'against', 'title', 'vote ends'], rows, 'No proposals yet.') };
}

function textOf(proposal: ProposalFacts): string {
  const calls = proposal.calls.map(({ contract, functionName, args, target, data }) => (contract && functionName ? `${contract}.${functionName}(${(args ?? []).map((value) => toJson(value).replace(/\s+/g, ' ')).join(', ')})` : `${target} ${data}`));
  return facts([
    ['Proposal', proposal.proposalId], ['Title', clean(proposal.description)], ['State', proposal.state], ['Proposer', proposal.proposer], ['Does', calls.join('\n          ')],
    ['Vote', `${when(proposal.voteStart)} to ${when(proposal.voteEnd)}`], ['For', ncr(proposal.votes.for)], ['Against', ncr(proposal.votes.against)], ['Abstain', ncr(proposal.votes.abstain)],
    ['Quorum', proposal.quorum === undefined ? undefined : ncr(proposal.quorum)], ['Executable', proposal.eta === 0 ? undefined : when(proposal.eta)],
  ]);
}

async function show(context: Context, text: string): Promise<Result> {
  const proposal = await readProposal({ client: await context.client(), proposalId: await findProposal(context, text) });
  return { value: proposal, text: textOf(proposal) };
}

async function votes(context: Context): Promise<Result> {
  const { publicClient, account, config: { deployment: { addresses } } } = await context.signer();
  const contract = { address: addresses.neuroVotes, abi: neuroVotesAbi } as const;
  const [wrapped, voting, delegatee, coins] = await Promise.all([
    publicClient.readContract({ ...contract, functionName: 'balanceOf', args: [account.address] }),
    publicClient.readContract({ ...contract, functionName: 'getVotes', args: [account.address] }),
    publicClient.readContract({ ...contract, functionName: 'delegates', args: [account.address] }),
    publicClient.readContract({ address: addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [account.address] }),
  ]);
  return { value: { wrapped, voting, delegatee, coins }, text: facts([['Wrapped', ncr(wrapped)], ['Votes', ncr(voting)], ['Delegated to', delegatee], ['Could wrap', ncr(coins)]]) };
}

async function wrap(context: Context, amount: bigint): Promise<Result> {
  return done(`${ncr(amount)} votes from the next second on; \`governance unwrap\` turns them back.`, await wrapVotes({ client: await context.signer(), amount }), { amount });
}

async function unwrap(context: Context, amount: bigint): Promise<Result> {
  return done(`${ncr(amount)} returned.`, await unwrapVotes({ client: await context.signer(), amount }), { amount });
}

async function delegate(context: Context, who: string): Promise<Result> {
  const delegatee: Address = isAddress(who) ? who : (await findDemoAccount(context, who)).address;
  return done(`${delegatee} votes with them now.`, await delegateVotes({ client: await context.signer(), delegatee }), { delegatee });
}

async function create(context: Context, target: string, json: string, { title }: { title: string }): Promise<Result> {
  const client = await context.signer();
  const call = isAddress(target) ? rawCall(target, json) : await readProposedCall({ client, target, json });
  const { proposalId, hash, gasUsed } = await propose({ client, calls: [call], description: title });
  const proposal = await readProposal({ client, proposalId });
  return { value: { ...proposal, hash, gasUsed }, text: `${textOf(proposal)}\nTransaction ${hash}` };
}

function rawCall(target: Address, data: string): EncodedCall {
  if (isHex(data) && data.length % 2 === 0) return { target, data };
  throw new NeuroError('This is no data of a call.', { code: 'BAD_INPUT', remedy: 'Write it in hexadecimal, like 0xa9059cbb...' });
}

async function cancel(context: Context, text: string): Promise<Result> {
  const proposalId = await findProposal(context, text);
  return done('Taken back.', await cancelProposal({ client: await context.signer(), proposalId }), { proposalId });
}

async function vote(context: Context, text: string, support: Support, options: { reason?: string }): Promise<Result> {
  const proposalId = await findProposal(context, text);
  return done(`Voted ${support}.`, await castVote({ client: await context.signer(), proposalId, support, ...options }), { proposalId, support });
}

async function queue(context: Context, text: string): Promise<Result> {
  const proposalId = await findProposal(context, text);
  const client = await context.signer();
  const sent = await queueProposal({ client, proposalId });
  const { eta } = await readProposal({ client, proposalId });
  return done(`Queued; it may be executed from ${when(eta)} on.`, sent, { proposalId, eta });
}

async function execute(context: Context, text: string): Promise<Result> {
  const proposalId = await findProposal(context, text);
  return done('Executed.', await executeProposal({ client: await context.signer(), proposalId }), { proposalId });
}
