import { endPause, pause, readPause, syncPause } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { facts, when } from '../output.ts';
import { positiveInteger } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { done } from '../sentResult.ts';

export function guardianCommand(): Command {
  const guardian = new Command('guardian');
  guardian.command('show').description('whether new business is paused, and until when').action(act(show));
  guardian.addCommand(new Command('pause').description('stop new business; the guardian only').addArgument(new Argument('<minutes>').argParser(positiveInteger)).action(act(async (context, minutes: number) => {
    await confirm(`Stop new orders, runs and assets for ${minutes} minutes? It cannot be done again until the brake has cooled down.`, context.yes);
    return done(`Paused for ${minutes} minutes.`, await pause({ client: await context.signer(), seconds: minutes * 60 }), { seconds: minutes * 60 });
  })));
  guardian.command('end').description('end the pause before its time; the guardian only').action(act(async (context) => done('The pause is over.', await endPause({ client: await context.signer() }))));
  guardian.command('sync').description('let the market see a pause or its end; anybody may, and validators do').action(act(async (context) => {
    const sent = await syncPause({ client: await context.signer() });
    return sent ? done('The market has been told.', sent, { told: true }) : { value: { told: false }, text: 'The market knows already.' };
  }));
  return guardian;
}

async function show(context: Context): Promise<Result> {
  const found = await readPause({ client: await context.client() });
  return {
    value: found,
    text: facts([
      ['Guardian', found.guardian], ['Paused', found.paused ? `until ${when(found.until)}` : 'no'], ['The market', found.market.paused ? `is paused until ${when(found.market.until)}` : 'takes new orders'],
      ['In step', found.inStep ? 'yes' : 'no; anybody can run `guardian sync`'], ['Next pause', found.nextPauseAt === 0 ? undefined : `not before ${when(found.nextPauseAt)}`], ['Longest pause', `${found.maxPause / 3600} hours`],
    ]),
  };
}
