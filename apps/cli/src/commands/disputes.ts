import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { type DisputeFacts, type NeuroClient, appealDispute, claimJurorFee, closeSeat, commitVote, concludeDispute, drawJury, executeRuling, readAppealCost, readDispute, revealVote, submitEvidence } from '@neurodata/sdk';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { isAddressEqual } from 'viem';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { clean, facts, ncr, shortId, table, when } from '../output.ts';
import { pageSize, positiveInteger } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { unreadable } from '../readBytes.ts';
import { done } from '../sentResult.ts';

const round = (): Argument => new Argument('<round>', 'its number, from 1').argParser(positiveInteger);

export function disputesCommand(): Command {
  const disputes = new Command('disputes');
  const verb = (name: string, description: string): Command => new Command(name).description(description).addArgument(new Argument('<dispute>', 'its number').argParser(disputeNumber));
  disputes.command('list').description('the newest disputes').option('--mine', 'only those in which the account had a seat').option('--limit <n>', 'how many', pageSize, 25).action(act(list));
  disputes.addCommand(verb('show', 'rounds, seats, votes, deadlines').action(act(show)));
  disputes.addCommand(verb('draw', 'draw the jurors; anybody may').action(act(draw)));
  disputes.addCommand(verb('commit', 'commit to a ruling, as a juror with a seat; kept secret until it is revealed').addArgument(new Argument('<ruling>', '1, 2, ... as `disputes show` names them; 0 refuses to decide').argParser(ruling)).action(act(commit)));
  disputes.addCommand(verb('reveal', 'reveal what was committed to').action(act(reveal)));
  disputes.addCommand(verb('appeal', 'take a ruling to a larger jury; anybody may').action(act(appeal)));
  disputes.addCommand(verb('evidence', 'add evidence; stored publicly').argument('<text>').option('--file <path>', 'a file beside it, several times for several', (path: string, before: string[]) => [...before, path], []).action(act(evidence)));
  disputes.addCommand(verb('close-seat', 'free a silent juror for the penalty; anybody may').addArgument(round()).argument('<juror>', 'its address, or the name of a demo account')
    .action(act(async (context, disputeId: bigint, number: number, juror: string) => done('Closed.', await closeSeat({ client: await context.signer(), disputeId, round: number - 1, juror: await accountNamed(context, juror) })))));
  disputes.addCommand(verb('conclude', 'fix the ruling once it cannot be appealed; anybody may')
    .action(act(async (context, disputeId: bigint) => done('Concluded; `disputes execute` hands the ruling over.', await concludeDispute({ client: await context.signer(), disputeId })))));
  disputes.addCommand(verb('execute', 'hand the ruling to the contract that asked for it; anybody may')
    .action(act(async (context, disputeId: bigint) => done('Executed.', await executeRuling({ client: await context.signer(), disputeId })))));
  disputes.addCommand(verb('claim', "collect the account's fees as a juror of a concluded dispute, as credits").action(act(claim)));
  return disputes;
}

function disputeNumber(text: string): bigint {
  if (/^[1-9]\d{0,17}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('It must be the number of a dispute.');
}

function ruling(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be 0, 1, 2, ...');
}

/** What a ruling means to the contract that asked. */
function rulingText(client: NeuroClient, { arbitrable }: Pick<DisputeFacts, 'arbitrable'>, number: number): string {
  const { milestoneEscrow, orderDisputes } = client.config.deployment.addresses;
  const [deal, order] = [isAddressEqual(arbitrable, milestoneEscrow), isAddressEqual(arbitrable, orderDisputes)];
  const words = deal ? ['half to each', 'to the buyer', 'to the seller'] : order ? ['the default', 'to the buyer', 'to the seller'] : ['refused to decide'];
  return words[number] === undefined ? String(number) : `${number} (${words[number]})`;
}

async function list(context: Context, options: { mine?: boolean; limit: number }): Promise<Result> {
  const client = await context.client();
  const { items } = await context.api.listDisputes({ limit: options.limit, ...(options.mine ? { juror: (await context.signer()).account.address } : {}) });
  const rows = items.map((item) => [String(item.disputeId), item.phase, String(item.rounds.length), String(item.rounds.at(-1)?.size ?? 0), rulingText(client, item, item.ruling), item.deadline === undefined ? '' : when(item.deadline)]);
  return { value: { items }, text: table(['dispute', 'phase', 'rounds', 'jury', 'ruling so far', 'until'], rows, 'No disputes yet.') };
}

async function show(context: Context, disputeId: bigint): Promise<Result> {
  const client = await context.client();
  const dispute = await readDispute({ client, disputeId });
  const head = facts([
    ['Dispute', dispute.disputeId], ['Asked by', dispute.arbitrable], ['Phase', dispute.phase], ['Until', dispute.deadline === undefined ? undefined : when(dispute.deadline)],
    [dispute.phase === 'final' ? 'Ruling' : 'Ruling so far', rulingText(client, dispute, dispute.ruling)], ['Executed', dispute.executed ? 'yes' : 'no'],
    ['Choices', Array.from({ length: dispute.choices + 1 }, (_, number) => rulingText(client, dispute, number)).join(', ')],
    ['An appeal costs', dispute.appealCost === undefined ? undefined : ncr(dispute.appealCost)],
  ]);
  const rows = dispute.rounds.flatMap((jury) => (jury.seats.length === 0
    ? [[String(jury.number + 1), jury.size === 0 ? 'governance' : 'not drawn yet', '', '', '']]
    : jury.seats.map((seat) => [String(jury.number + 1), shortId(seat.juror), String(seat.count), seat.state, seat.state === 'revealed' ? rulingText(client, dispute, seat.vote) : ''])));
  return { value: dispute, text: `${head}\n\n${table(['round', 'juror', 'seats', 'state', 'vote'], rows, 'No rounds.')}` };
}

async function draw(context: Context, disputeId: bigint): Promise<Result> {
  const { drawn, size, transactions } = await drawJury({ client: await context.signer(), disputeId });
  const hashes = transactions.map(({ hash }) => hash);
  return { value: { drawn, size, transactions: hashes }, text: `${drawn} of ${size} seats drawn.${hashes.map((hash) => `\nTransaction ${hash}`).join('')}` };
}

async function commit(context: Context, disputeId: bigint, number: number): Promise<Result> {
  const client = await context.signer();
  const { round: index, commitment, ...sent } = await commitVote({ client, disputeId, ruling: number });
  return done('Committed. The vote is kept in the key folder: reveal it with `disputes reveal` once all have committed, before the time is over.', sent, { round: index + 1, commitment });
}

async function reveal(context: Context, disputeId: bigint): Promise<Result> {
  const { round: index, ruling: number, ...sent } = await revealVote({ client: await context.signer(), disputeId });
  return done(`Revealed: ${number}.`, sent, { round: index + 1, ruling: number });
}

async function appeal(context: Context, disputeId: bigint): Promise<Result> {
  const client = await context.signer();
  const cost = await readAppealCost({ client, disputeId });
  await confirm(`Appeal for ${ncr(cost)}? A part of it is burnt if the ruling stands.`, context.yes);
  return done(`Appealed for ${ncr(cost)}; draw the next jury with \`disputes draw\`.`, await appealDispute({ client, disputeId }), { cost });
}

async function evidence(context: Context, disputeId: bigint, text: string, { file: paths }: { file: string[] }): Promise<Result> {
  const files = await Promise.all(paths.map(async (file) => {
    const { size } = await stat(file).catch((cause: unknown) => { throw unreadable(file, cause); });
    return { name: path.basename(file), size, content: piecesOf(file) };
  }));
  const { evidenceCid, ...sent } = await submitEvidence({ client: await context.signer(), disputeId, text, files });
  return done(`Added as ipfs://${evidenceCid}${files.length > 0 ? `, with ${files.map(({ name }) => clean(name)).join(', ')}` : ''}.`, sent, { evidenceCid });
}

/** Opened when it is read. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file) as AsyncIterable<Uint8Array>;
}

async function claim(context: Context, disputeId: bigint): Promise<Result> {
  const client = await context.signer();
  const { phase, ruling: final, rounds } = await readDispute({ client, disputeId });
  if (phase !== 'final') throw new NeuroError(`Dispute ${disputeId} is not concluded.`, { code: 'CONFLICT', remedy: 'Conclude it first, once it cannot be appealed.' });
  const earned = rounds.filter(({ seats }) => seats.some((seat) => isAddressEqual(seat.juror, client.account.address) && seat.state === 'revealed' && seat.vote === final && !seat.paid));
  if (earned.length === 0) return { value: { credited: 0n, transactions: [] }, text: 'Nothing to collect: fees go to those who voted for the final ruling, once.' };
  let credited = 0n;
  const transactions: string[] = [];
  for (const { number } of earned) {
    const sent = await claimJurorFee({ client, disputeId, round: number });
    credited += sent.credited;
    transactions.push(sent.hash);
  }
  return { value: { credited, transactions }, text: `${ncr(credited)} credited; \`jury withdraw\` pays it.${transactions.map((hash) => `\nTransaction ${hash}`).join('')}` };
}
