import { NeuroError } from '@neurodata/protocol';
import { cancelDeal, cancelDealSigned, contestMilestone, deliverMilestone, escalateMilestone, formatSignedCancel, openDeal, parseSignedCancel, pokeMilestone, readDeal, refundDeal, releaseMilestone, signCancelDeal, splitMilestone, storeAgreement, submitDealEvidence, withdrawDeals } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Hex, isHex, sha256, stringToHex } from 'viem';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { facts, ncr, table, when } from '../output.ts';
import { positiveInteger, price } from '../parse.ts';
import { done } from '../sentResult.ts';

const day = 86_400;
const milestone = (): Argument => new Argument('<milestone>', 'its number, from 1').argParser(positiveInteger);
const amount = (): Argument => new Argument('<amount>', 'NCR').argParser(price);

export function dealsCommand(): Command {
  const deals = new Command('deals');
  const verb = (name: string, description: string): Command => new Command(name).description(description).argument('<deal>');
  deals.command('open <seller>').description('open a deal, and pay its milestones into escrow')
    .option('--terms <address>', 'where the agreement is, like ipfs://...')
    .option('--agreement <text>', 'what was agreed, instead of --terms; stored publicly')
    .requiredOption('--milestone <ncr:days:name...>', 'amount and days to deliver, e.g. 50:14 or 50:14:"First draft"; up to 16')
    .option('--review-days <n>', 'time to contest a delivery', positiveInteger, 3)
    .option('--arbitration-days <n>', 'time to rule on a contested milestone', positiveInteger, 7)
    .option('--arbiter <account>', 'who rules; the jurors by default')
    .action(act(open));
  deals.command('list').description("the account's deals, as buyer, seller or arbiter").option('--all', 'of everybody, the newest 100').action(act(list));
  deals.addCommand(verb('show', 'how it stands').action(act(show)));
  deals.addCommand(verb('deliver', 'say that a milestone is done').addArgument(milestone()).argument('<what>', 'what was delivered; its digest goes on chain')
    .action(act(async (context, id: string, n: number, what: string) => done('Delivered.', await deliverMilestone({ client: await context.signer(), dealId: idOf(id), index: n - 1, digest: sha256(stringToHex(what)) })))));
  deals.addCommand(verb('release', 'give the seller a milestone, or part of it').addArgument(milestone()).addArgument(amount())
    .action(act(async (context, id: string, n: number, value: bigint) => done(`${ncr(value)} are the seller's.`, await releaseMilestone({ client: await context.signer(), dealId: idOf(id), index: n - 1, amount: value })))));
  deals.addCommand(verb('refund', 'give the buyer a milestone back, or part of it').addArgument(milestone()).addArgument(amount())
    .action(act(async (context, id: string, n: number, value: bigint) => done(`${ncr(value)} are the buyer's.`, await refundDeal({ client: await context.signer(), dealId: idOf(id), index: n - 1, amount: value })))));
  deals.addCommand(verb('contest', 'say that a delivery is not what was agreed').addArgument(milestone())
    .action(act(async (context, id: string, n: number) => done('Contested.', await contestMilestone({ client: await context.signer(), dealId: idOf(id), index: n - 1 })))));
  deals.addCommand(verb('split', 'as the arbiter: give the seller this much of a contested milestone, the buyer the rest').addArgument(milestone()).addArgument(amount())
    .action(act(async (context, id: string, n: number, value: bigint) => done(`${ncr(value)} are the seller's, the rest the buyer's.`, await splitMilestone({ client: await context.signer(), dealId: idOf(id), index: n - 1, toSeller: value })))));
  deals.addCommand(verb('evidence', 'add evidence to a milestone; stored publicly').addArgument(milestone()).argument('<text>').action(act(async (context, id: string, n: number, text: string) => {
    const { evidenceCid, ...sent } = await submitDealEvidence({ client: await context.signer(), dealId: idOf(id), index: n - 1, text });
    return done(`Added as ipfs://${evidenceCid}.`, sent, { evidenceCid });
  })));
  deals.addCommand(verb('escalate', 'take a contested milestone to the jurors').addArgument(milestone()).action(act(escalate)));
  deals.addCommand(verb('settle', 'move the money of a milestone whose time is over').addArgument(milestone())
    .action(act(async (context, id: string, n: number) => done('Settled.', await pokeMilestone({ client: await context.signer(), dealId: idOf(id), index: n - 1 })))));
  deals.addCommand(verb('cancel', 'offer to end it with this much for the seller, or take the same offer').addArgument(amount())
    .action(act(async (context, id: string, value: bigint) => done('Offered; the deal ends when the other side says the same.', await cancelDeal({ client: await context.signer(), dealId: idOf(id), toSeller: value })))));
  deals.addCommand(verb('sign-cancel', 'sign, without a transaction, that it may end with this much for the seller; send the printed line to the other side').addArgument(amount())
    .option('--hours <n>', 'how long it holds', positiveInteger, 24).action(act(signCancel)));
  deals.command('cancel-signed <signed>').description('end a deal as the other side signed').action(act(async (context, text: string) => done('The deal has ended.', await cancelDealSigned({ client: await context.signer(), signed: parseSignedCancel(text) }))));
  deals.command('withdraw').description('collect what deals owe the account').action(act(async (context) => done('Paid out.', await withdrawDeals({ client: await context.signer() }))));
  return deals;
}

function idOf(text: string): Hex {
  if (isHex(text) && text.length === 66) return text;
  throw new NeuroError(`${text} is not the id of a deal.`, { code: 'BAD_INPUT', remedy: 'Give the 66 characters that `deals open` printed.' });
}

async function open(context: Context, seller: string, options: { terms?: string; agreement?: string; milestone: string[]; reviewDays: number; arbitrationDays: number; arbiter?: string }): Promise<Result> {
  const client = await context.signer();
  if ((options.terms === undefined) === (options.agreement === undefined)) throw new NeuroError('A deal is about one agreement.', { code: 'BAD_INPUT', remedy: 'Give either --terms, its address, or --agreement, its text.' });
  const { timestamp } = await client.publicClient.getBlock();
  const given = options.milestone.map((text) => {
    const [coins = '', days = '', ...name] = text.split(':');
    return { name: name.join(':'), amount: price(coins), deadline: Number(timestamp) + positiveInteger(days) * day };
  });
  const milestones = given.map(({ amount, deadline }) => ({ amount, deadline }));
  const terms = options.terms ?? await storeAgreement({ client, agreement: { text: options.agreement ?? '', milestones: given.map(({ name }) => name) } });
  const arbiter = options.arbiter === undefined ? undefined : await accountNamed(context, options.arbiter);
  const result = await openDeal({
    client, seller: await accountNamed(context, seller), milestones, terms, reviewWindow: options.reviewDays * day, arbitrationWindow: options.arbitrationDays * day,
    ...(arbiter === undefined ? {} : { arbiter }),
  });
  return { value: result, text: facts([['Deal', result.dealId], ['Transaction', result.hash]]) };
}

async function list(context: Context, options: { all?: boolean }): Promise<Result> {
  const { items } = await context.api.listDeals({ limit: 100, ...(options.all ? {} : { party: (await context.signer()).account.address }) });
  const rows = items.map((deal) => [deal.dealId, deal.state, ncr(deal.total), ncr(deal.left), `${deal.milestones.filter(({ state }) => state === 'closed').length} of ${deal.milestones.length}`, when(deal.openedAt)]);
  return { value: { items }, text: table(['deal', 'state', 'total', 'left', 'closed', 'opened'], rows, 'No deals yet.') };
}

async function show(context: Context, id: string): Promise<Result> {
  const deal = await readDeal({ client: await context.client(), dealId: idOf(id) });
  const rows = deal.milestones.map(({ left, until, state }, index) => [String(index + 1), state, ncr(left), state === 'closed' || until === 0 ? '' : when(until)]);
  return { value: deal, text: `${facts([['Deal', deal.dealId], ['Buyer', deal.buyer], ['Seller', deal.seller], ['Arbiter', deal.arbiter], ['Left', ncr(deal.left)]])}\n\n${table(['milestone', 'state', 'left', 'until'], rows, 'No milestones.')}` };
}

async function signCancel(context: Context, id: string, toSeller: bigint, { hours }: { hours: number }): Promise<Result> {
  const signed = await signCancelDeal({ client: await context.signer(), dealId: idOf(id), toSeller, seconds: hours * 3_600 });
  return { value: signed, text: formatSignedCancel(signed) };
}

async function escalate(context: Context, id: string, n: number): Promise<Result> {
  const result = await escalateMilestone({ client: await context.signer(), dealId: idOf(id), index: n - 1 });
  return { value: result, text: `Dispute ${result.disputeId}.\nTransaction ${result.hash}` };
}
