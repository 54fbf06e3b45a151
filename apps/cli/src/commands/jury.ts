import { exitJury, joinJury, leaveJury, readJuror, withdrawCredits } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { facts, ncr, table } from '../output.ts';
import { positiveInteger } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { allPages } from '../resolve.ts';
import { done } from '../sentResult.ts';

export function juryCommand(): Command {
  const jury = new Command('jury');
  jury.command('status').description("the account's tickets, open seats and credits").action(act(status));
  jury.command('list').description('the jurors, with their record').action(act(list));
  jury.addCommand(new Command('join').description('take tickets for the draws, 10 at most; each locks free stake').addArgument(new Argument('<tickets>', 'how many more').argParser(positiveInteger)).action(act(join)));
  jury.command('leave').description('be drawn no more; votes that are owed stay owed').action(act(async (context) => {
    const client = await context.signer();
    const sent = await leaveJury({ client });
    const { exitBlock } = await readJuror({ client, account: client.account.address });
    return done(`Left; the stake is free from block ${exitBlock ?? '?'} on, by \`jury exit\`.`, sent, { exitBlock });
  }));
  jury.command('exit').description('free the stake, 300 blocks after leaving').action(act(async (context) => done('The stake is free again.', await exitJury({ client: await context.signer() }))));
  jury.command('withdraw').description('collect fees and bonds that disputes have credited').action(act(async (context) => {
    const { paid, ...sent } = await withdrawCredits({ client: await context.signer(), from: 'disputes' });
    return done(`${ncr(paid)} paid out.`, sent, { paid });
  }));
  return jury;
}

async function status(context: Context): Promise<Result> {
  const client = await context.signer();
  const juror = await readJuror({ client, account: client.account.address });
  const state = juror.leftAt === 0 ? (juror.tickets === 0 ? 'not a juror' : 'can be drawn') : `left in block ${juror.leftAt}; stake free from block ${juror.exitBlock ?? '?'} on`;
  return {
    value: juror,
    text: facts([
      ['Juror', juror.account], ['State', state], ['Tickets', `${juror.tickets} of ${juror.activeTickets} in the draw`], ['Locked for them', ncr(juror.bond)], ['Seats to vote on', juror.openSeats], ['Credited', ncr(juror.owed)],
      ['A ticket locks', ncr(juror.ticketStake)], ['A seat earns', ncr(juror.jurorFee)], ['Silence costs', `${ncr(juror.penalty)} a seat`], ['Free stake', ncr(juror.freeStake)],
    ]),
  };
}

async function list(context: Context): Promise<Result> {
  const items = await allPages((cursor) => context.api.listJurors({ limit: 100, ...(cursor === undefined ? {} : { cursor }) }));
  const rows = items.map((juror) => [juror.account, juror.active ? 'yes' : 'no', String(juror.tickets), String(juror.rounds), String(juror.revealed), String(juror.silent)]);
  return { value: { items }, text: table(['juror', 'in the draw', 'tickets', 'rounds', 'voted', 'silent'], rows, 'No jurors yet.') };
}

async function join(context: Context, tickets: number): Promise<Result> {
  const client = await context.signer();
  const { ticketStake, penalty } = await readJuror({ client, account: client.account.address });
  await confirm(`Lock ${ncr(ticketStake * BigInt(tickets))} of stake for ${tickets} tickets? A seat on which you stay silent costs ${ncr(penalty)}.`, context.yes);
  return done(`${tickets} tickets in the draws from the next block on.`, await joinJury({ client, tickets }), { tickets });
}
