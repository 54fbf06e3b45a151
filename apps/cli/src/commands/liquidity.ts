import { claimLiquidity, exitLiquidity, fundLiquidity, readLiquidity, readToken, stakeLiquidity, unstakeLiquidity } from '@neurodata/sdk';
import { NeuroError } from '@neurodata/protocol';
import { Argument, Command } from 'commander';
import { type Address, formatUnits, isAddress, parseUnits } from 'viem';
import { type Context, type Result, act } from '../context.ts';
import { facts, ncr, short, table, when } from '../output.ts';
import { price } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { done } from '../sentResult.ts';

export function liquidityCommand(): Command {
  const liquidity = new Command('liquidity');
  const verb = (name: string, description: string): Command => new Command(name).description(description).argument('<token>', "the liquidity token's address");
  liquidity.command('status').description("the pools, and the account's part in them").action(act(status));
  liquidity.addCommand(verb('stake', 'stake liquidity tokens').argument('<amount>', 'of the token').action(act(stake)));
  liquidity.addCommand(verb('unstake', 'take liquidity tokens back; rewards stay to be claimed').argument('<amount>', 'of the token').action(act(unstake)));
  liquidity.addCommand(verb('claim', 'collect the rewards').action(act(async (context, token: string) => done('Rewards paid.', await claimLiquidity({ client: await context.signer(), token: tokenOf(token) })))));
  liquidity.addCommand(verb('exit', 'take everything back at once and give unclaimed rewards up').action(act(exit)));
  liquidity.addCommand(new Command('fund').description('pay NCR into the reserve that pools are scheduled from').addArgument(new Argument('<amount>', 'NCR').argParser(price))
    .action(act(async (context, amount: bigint) => done(`${ncr(amount)} in the reserve.`, await fundLiquidity({ client: await context.signer(), amount })))));
  return liquidity;
}

function tokenOf(text: string): Address {
  if (isAddress(text)) return text;
  throw new NeuroError(`"${text}" is not the address of a token.`, { code: 'BAD_INPUT', remedy: 'Give one that `liquidity status` shows.' });
}

async function amountOf(context: Context, token: Address, text: string): Promise<{ amount: bigint; shown: string }> {
  const { symbol, decimals } = await readToken({ client: await context.client(), token });
  const fits = new RegExp(`^\\d{1,30}(\\.\\d{1,${Math.max(decimals, 1)}})?$`).test(text);
  const amount = fits ? parseUnits(text, decimals) : 0n;
  if (amount === 0n) throw new NeuroError(`"${text}" is not an amount of ${short(symbol, 12)}.`, { code: 'BAD_INPUT', remedy: `Write it like 25 or 0.5, with at most ${decimals} decimals.` });
  return { amount, shown: `${text} ${short(symbol, 12)}` };
}

async function status(context: Context): Promise<Result> {
  const client = await context.signer();
  const { reserve, pools } = await readLiquidity({ client, account: client.account.address });
  const named = await Promise.all(pools.map(async (pool) => ({ ...pool, ...(await readToken({ client, token: pool.token }).catch(() => ({ symbol: '?', decimals: 18 }))) })));
  const rows = named.map((pool) => [pool.token, short(pool.symbol, 12), formatUnits(pool.staked, pool.decimals), formatUnits(pool.mine, pool.decimals), ncr(pool.pending), ncr(pool.budget), when(pool.endsAt)]);
  return { value: { reserve, pools: named }, text: `${facts([['Account', client.account.address], ['Reserve', ncr(reserve)]])}\n\n${table(['token', 'symbol', 'staked', 'yours', 'to claim', 'budget left', 'until'], rows, 'No pools are scheduled; governance does that with liquidityMining.schedule.')}` };
}

async function stake(context: Context, text: string, value: string): Promise<Result> {
  const token = tokenOf(text);
  const { amount, shown } = await amountOf(context, token, value);
  return done(`${shown} staked.`, await stakeLiquidity({ client: await context.signer(), token, amount }), { token, amount });
}

async function unstake(context: Context, text: string, value: string): Promise<Result> {
  const token = tokenOf(text);
  const { amount, shown } = await amountOf(context, token, value);
  return done(`${shown} returned.`, await unstakeLiquidity({ client: await context.signer(), token, amount }), { token, amount });
}

async function exit(context: Context, text: string): Promise<Result> {
  const client = await context.signer();
  const token = tokenOf(text);
  const { pools } = await readLiquidity({ client, account: client.account.address });
  const pending = pools.find((pool) => pool.token.toLowerCase() === token.toLowerCase())?.pending ?? 0n;
  await confirm(`Take all tokens out and give ${ncr(pending)} of rewards up? \`liquidity claim\` and \`unstake\` lose nothing.`, context.yes);
  return done('All tokens are back.', await exitLiquidity({ client, token }), { token, forfeited: pending });
}
