import { claimDelegationRewards, claimStakeRewards, delegateStake, fundStakePool, readStake, stakeCoins, unbond, undelegateStake, withdrawDelegation, withdrawStake } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { facts, ncr, table, when } from '../output.ts';
import { price } from '../parse.ts';
import { done } from '../sentResult.ts';

const amount = (): Argument => new Argument('<amount>', 'NCR').argParser(price);
const validator = (): Argument => new Argument('<validator>', 'its address, or the name of a demo account');

export function stakeCommand(): Command {
  const stake = new Command('stake');
  stake.command('show').description("the account's stake").action(act(show));
  stake.addCommand(new Command('add').description('put NCR at stake').addArgument(amount()).action(act(async (context, value: bigint) => done(`${ncr(value)} at stake.`, await stakeCoins({ client: await context.signer(), amount: value })))));
  stake.addCommand(new Command('unbond').description('start taking free stake out').addArgument(amount()).action(act(async (context, value: bigint) => done(`${ncr(value)} unbonding.`, await unbond({ client: await context.signer(), amount: value })))));
  stake.command('withdraw').description('collect what has finished unbonding').action(act(async (context) => done('Paid out.', await withdrawStake({ client: await context.signer() }))));
  stake.command('claim').description('collect the rewards on own stake').action(act(async (context) => done('Rewards paid.', await claimStakeRewards({ client: await context.signer() }))));
  stake.addCommand(new Command('delegate').description('lend free stake to a validator').addArgument(validator()).addArgument(amount()).action(act(async (context, who: string, value: bigint) =>
    done(`${ncr(value)} delegated.`, await delegateStake({ client: await context.signer(), validator: await accountNamed(context, who), amount: value })))));
  stake.addCommand(new Command('undelegate').description('start taking it back').addArgument(validator()).addArgument(amount()).action(act(async (context, who: string, value: bigint) =>
    done(`${ncr(value)} leaving.`, await undelegateStake({ client: await context.signer(), validator: await accountNamed(context, who), amount: value })))));
  stake.addCommand(new Command('collect').description('collect what has finished leaving a validator').addArgument(validator()).action(act(async (context, who: string) =>
    done('Paid out.', await withdrawDelegation({ client: await context.signer(), validator: await accountNamed(context, who) })))));
  stake.addCommand(new Command('earned').description('collect the rewards on what is delegated to a validator').addArgument(validator()).action(act(async (context, who: string) =>
    done('Rewards paid.', await claimDelegationRewards({ client: await context.signer(), validator: await accountNamed(context, who) })))));
  stake.command('delegations').description('what the account has lent to validators').action(act(delegations));
  stake.addCommand(new Command('fund').description('pay NCR into the pool that rewards stake').addArgument(amount()).action(act(async (context, value: bigint) => done(`${ncr(value)} in the pool.`, await fundStakePool({ client: await context.signer(), amount: value })))));
  return stake;
}

async function delegations(context: Context): Promise<Result> {
  const { account } = await context.signer();
  const { items } = await context.api.listDelegations({ limit: 100, delegator: account.address });
  const rows = items.map((item) => [item.validator, ncr(item.amount), item.leaving === 0n ? '' : `${ncr(item.leaving)}${item.availableAt === undefined ? '' : ` until ${when(item.availableAt)}`}`, ncr(item.rewards)]);
  return { value: { items }, text: table(['validator', 'lent', 'leaving', 'rewards'], rows, 'Nothing is lent to a validator.') };
}

async function show(context: Context): Promise<Result> {
  const client = await context.signer();
  const found = await readStake({ client, account: client.account.address });
  return {
    value: found,
    text: facts([
      ['Stake', ncr(found.stake)], ['Locked', ncr(found.locked)], ['Free', ncr(found.free)], ['Delegated to it', ncr(found.delegatedIn)],
      ['Unbonding', found.unbonding === 0n ? undefined : `${ncr(found.unbonding)} until ${when(found.availableAt)}`], ['Rewards', ncr(found.rewards)], ['Priority', found.priority],
    ]),
  };
}
