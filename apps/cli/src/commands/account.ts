import { type AccountDto, NeuroError } from '@neurodata/protocol';
import { burnCoins, sendCoins, withdrawCredits, withdrawTokens } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { formatEther, isAddress } from 'viem';
import { readChosenName, writeChosenName } from '../chosenAccount.ts';
import { type Context, type Result, accountNamed, act, findDemoAccount } from '../context.ts';
import { keyFile } from '../keyFile.ts';
import { facts, ncr, table } from '../output.ts';
import { price } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { done } from '../sentResult.ts';
import { amountText } from '../tokens.ts';

const sources = ['market', 'orderDisputes', 'training', 'challenges', 'validators', 'curation', 'subscriptions', 'accusations'] as const;
const names = { market: 'market', orderDisputes: 'disputes', training: 'training', challenges: 'challenges', validators: 'validators', curation: 'curation', subscriptions: 'subscriptions', accusations: 'accusations' } as const;

export function accountCommand(): Command {
  const account = new Command('account');
  account.command('show').description('balances, credits, keys').action(act(show));
  account.command('use <name>').description('act as this demo account from now on, in this folder').action(act(use));
  account.command('list').description('demo accounts of this node').action(act(list));
  account.command('fund').description('ask the local node for play money').action(act(fund));
  account.addCommand(new Command('send').description('send NCR to another account').argument('<account>', 'its address, or the name of a demo account').addArgument(new Argument('<amount>', 'NCR').argParser(price)).action(act(send)));
  account.addCommand(new Command('burn').description('destroy NCR for good').addArgument(new Argument('<amount>', 'NCR').argParser(price)).action(act(burn)));
  account.command('withdraw-token <token>').description('collect what sales in another token have credited').option('--from <contract>', 'market or subscriptions', 'market').action(act(withdrawToken));
  account.command('withdraw').description('collect what market, training, validators and curation have credited').action(act(withdraw));
  return account;
}

async function show(context: Context): Promise<Result> {
  const { account } = await context.signer();
  const [dto, keys] = await Promise.all([context.api.getAccount({ address: account.address }), keyFile(context.settings.home, account.address).list()]);
  const client = await context.client();
  const inTokens = await Promise.all(dto.owedTokens.flatMap(({ token, market, subscriptions }) => ([['market', market], ['subscriptions', subscriptions]] as const)
    .filter(([, amount]) => amount > 0n).map(async ([from, amount]): Promise<[string, string]> => [`Owed by ${from}`, `${await amountText(client, token, amount)}: \`account withdraw-token ${token} --from ${from}\``])));
  return { value: { ...dto, keys }, text: accountText(dto, keys.length, inTokens) };
}

function accountText(account: AccountDto, keys: number, inTokens: [string, string][]): string {
  return facts([
    ['Address', account.address], ['Balance', ncr(account.balance)], ['Gas', `${formatEther(account.gasBalance)} ETH`], ['Stake', ncr(account.stake)],
    ...sources.map((source): [string, string | undefined] => [`Owed by ${names[source]}`, account.owed[source] > 0n ? ncr(account.owed[source]) : undefined]),
    ...inTokens,
    ['To claim', account.claimable.length > 0 ? `${account.claimable.length} orders` : undefined], ['Keys kept here', keys],
  ]);
}

async function use(context: Context, name: string): Promise<Result> {
  const found = await findDemoAccount(context, name);
  await writeChosenName(context.settings.home, found.name);
  return { value: { name: found.name, address: found.address }, text: `Commands in this folder now act as ${found.name} (${found.address}).` };
}

async function list(context: Context): Promise<Result> {
  const [{ items }, chosen] = await Promise.all([context.api.listDemoAccounts(), readChosenName(context.settings.home)]);
  const accounts = items.map(({ name, role, address }) => ({ name, role, address, chosen: name === chosen }));
  return { value: { items: accounts }, text: table(['', 'name', 'role', 'address'], accounts.map((account) => [account.chosen ? '*' : '', account.name, account.role, account.address]), 'This node has no demo accounts; set NEURODATA_PRIVATE_KEY.') };
}

async function fund(context: Context): Promise<Result> {
  const { account } = await context.signer();
  const { transaction, amount } = await context.api.requestFunds({ address: account.address });
  return { value: { address: account.address, amount, transaction }, text: `${ncr(amount)} of play money went to ${account.address}.\nTransaction ${transaction}` };
}

async function send(context: Context, who: string, amount: bigint): Promise<Result> {
  const to = await accountNamed(context, who);
  const client = await context.signer();
  await confirm(`Send ${ncr(amount)} to ${to}? Nobody can bring it back.`, context.yes);
  return done(`${ncr(amount)} sent.`, await sendCoins({ client, to, amount }), { to, amount });
}

async function burn(context: Context, amount: bigint): Promise<Result> {
  const client = await context.signer();
  await confirm(`Burn ${ncr(amount)}? Nobody can bring it back, not even governance.`, context.yes);
  return done(`${ncr(amount)} burnt.`, await burnCoins({ client, amount }), { amount });
}

async function withdrawToken(context: Context, token: string, { from }: { from: string }): Promise<Result> {
  if (!isAddress(token)) throw new NeuroError(`"${token}" is not the address of a token.`, { code: 'BAD_INPUT', remedy: 'Give the one that the listing is priced in.' });
  if (from !== 'market' && from !== 'subscriptions') throw new NeuroError(`"${from}" credits no tokens.`, { code: 'BAD_INPUT', remedy: 'Choose market or subscriptions.' });
  const client = await context.signer();
  const { paid, ...sent } = await withdrawTokens({ client, from, token });
  return done(`${await amountText(client, token, paid)} paid out.`, sent, { paid, token });
}

async function withdraw(context: Context): Promise<Result> {
  const client = await context.signer();
  const { owed } = await context.api.getAccount({ address: client.account.address });
  const paid: { from: (typeof sources)[number]; paid: bigint; hash: string }[] = [];
  for (const from of sources) {
    if (owed[from] > 0n) paid.push({ from, ...(await withdrawCredits({ client, from })) });
  }
  return { value: { paid }, text: paid.length === 0 ? 'Nothing is owed to this account.' : paid.map((entry) => `${ncr(entry.paid)} from ${names[entry.from]}, transaction ${entry.hash}`).join('\n') };
}
