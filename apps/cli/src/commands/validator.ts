import { type RoundOutcome, explainAccusation, roundSubject } from '@neurodata/protocol';
import { type RoundCount, type ValidatorRound, type ValidatorStatus, readValidatorStatus } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { clean, colours, facts, ncr, shortId, until, wrapped } from '../output.ts';
import { countFrom } from '../parse.ts';

export function validatorCommand(): Command {
  const validator = new Command('validator');
  validator.addCommand(new Command('status').description('why it was paid or not, its duties and what they can cost: from the chain alone')
    .addArgument(new Argument('[who]', 'its number, its account, or the name of a demo account; your own by default'))
    .option('--rounds <number>', 'how many of its last rounds', countFrom(1, 200), 20)
    .action(act(status)));
  return validator;
}

async function status(context: Context, who: string | undefined, { rounds }: { rounds: number }): Promise<Result> {
  const client = await (who === undefined ? context.signer() : context.client());
  const named = who === undefined ? undefined : /^\d{1,5}$/.test(who) ? Number(who) : await accountNamed(context, who);
  const found = await readValidatorStatus({ client, rounds, ...(named === undefined ? {} : { who: named }) });
  return { value: found, text: [summary(found), ...section('Duties', found.duties, found), ...section('Last rounds', found.rounds.filter(({ right }) => right !== undefined), found), ...accusations(found), looked(found)].join('\n\n') };
}

function summary(found: ValidatorStatus): string {
  const { validatorId, account, active, endpoint, encryptionKey, stake, costs, atRisk, rewards, participation, next, time } = found;
  return facts([
    ['Validator', `${validatorId}, ${account}`],
    ['State', active ? colours.green('active') : colours.yellow(stake.locked > 0n ? 'can be drawn no more, stake still locked' : 'has left')],
    ['Endpoint', clean(endpoint)], ['Encryption key', encryptionKey],
    ['Stake', `${ncr(stake.own)}: ${ncr(stake.locked)} locked as validator, ${ncr(stake.free)} free`], ['Delegated to it', stake.delegated > 0n ? ncr(stake.delegated) : undefined],
    ['A fault costs', `${ncr(costs.silence)} silence, ${ncr(costs.minority)} minority or accused, ${ncr(costs.overruled)} overruled`],
    ['At risk now', ncr(atRisk)],
    ['To withdraw', `${ncr(rewards.owed)} of rounds (\`account withdraw\`), ${ncr(rewards.staking)} on stake (\`stake claim\`)`],
    ['Earned, lost', `${ncr(rewards.earned)} by rounds, ${ncr(rewards.slashed)} slashed`],
    ['Took part', `${share(participation.recent)} in 30 days, ${share(participation.all)} in all`],
    ['Next', next ? colours.yellow(`${next.what} in round ${shortId(next.roundId)} until ${until(next.until, time)}`) : 'nothing to do'],
  ]);
}

/** "97.5% (39 of 40 rounds, 1 missed)". */
function share({ drawn, attended, missed }: RoundCount): string {
  if (drawn === 0) return 'no rounds';
  const text = `${Math.floor((attended / drawn) * 1000) / 10}% (${attended} of ${drawn}${missed > 0 ? `, ${missed} missed` : ''})`;
  return missed > 0 ? colours.yellow(text) : text;
}

function section(title: string, rounds: ValidatorRound[], { time }: ValidatorStatus): string[] {
  if (rounds.length === 0) return [`${colours.bold(title)}\n  none`];
  return [[colours.bold(title), ...rounds.map((round) => line(round, time))].join('\n')];
}

const bad = new Set<RoundOutcome>(['missed-commit', 'missed-reveal', 'never-committed', 'never-revealed', 'minority', 'overruled', 'accused']);
const good = new Set<RoundOutcome>(['paid', 'paid-after-challenge', 'no-fee']);
const due = new Set<RoundOutcome>(['to-commit', 'to-reveal']);

function line(round: ValidatorRound, time: number): string {
  const { outcome, kind, roundId, block, deadline, reward, slash, risk, sentence } = round;
  const about = roundSubject(round);
  const colour = bad.has(outcome) ? colours.red : good.has(outcome) ? colours.green : due.has(outcome) ? colours.yellow : colours.dim;
  const money = reward !== undefined && reward > 0n ? `+${ncr(reward)}` : slash ? `-${ncr(slash.amount)}` : risk > 0n ? `up to -${ncr(risk)}` : '';
  const head = [colour(outcome.replaceAll('-', ' ').padEnd(20)), about.noun === 'asset' ? `asset ${about.assetId} version ${about.version}` : about.noun === 'grant' ? `a grant of validator ${about.validatorId}` : `${kind === 'step' ? 'a step of run' : about.noun} ${shortId(about.id)}`, colours.dim(`round ${shortId(roundId)}, block ${block}`), money, deadline === undefined ? '' : `until ${until(deadline, time)}`];
  return `  ${head.filter((cell) => cell !== '').join('  ')}\n${wrapped(sentence, 4)}`;
}

function accusations({ accusations: all }: ValidatorStatus): string[] {
  if (all.length === 0) return [];
  const lines = all.map(({ state, proofId, roundId, lost }) => `  ${(state === 'guilty' ? colours.red : colours.dim)(explainAccusation(state, lost))}  ${colours.dim(`grant to ${shortId(proofId)}, round ${shortId(roundId)}`)}`);
  return [[colours.bold('Accused of false shares'), ...lines].join('\n')];
}

function looked({ block, fromBlock, complete }: ValidatorStatus): string {
  const where = complete ? `blocks ${fromBlock} (the deployment) to ${block}` : `blocks ${fromBlock} to ${block}; the RPC gives few blocks at a time, so what came before is not counted`;
  return colours.dim(`From the chain's own logs and contracts, ${where}.`);
}
