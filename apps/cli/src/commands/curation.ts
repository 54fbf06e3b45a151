import { NeuroError } from '@neurodata/protocol';
import { appealSuspension, approveAsset, readCuration, reinstateAsset, releaseBond, slashBond, storeEvidence, suspendAsset } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { clean, facts, ncr, when } from '../output.ts';
import { positiveInteger } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { done } from '../sentResult.ts';

const judge = (name: string, description: string): Command =>
  new Command(name).description(description).addArgument(asset()).requiredOption('--reason <text>', 'why; it stands on the chain and on the page of the asset');
const asset = (): Argument => new Argument('<asset>', 'its number').argParser(positiveInteger);

export function curationCommand(): Command {
  const curation = new Command('curation');
  curation.command('show').description('what curators say of an asset, and its bond').addArgument(asset()).action(act(show));
  curation.addCommand(judge('approve', 'a curator: the asset is sound; its bond goes back').action(act(async (context, assetId: number, { reason }: { reason: string }) =>
    done(`Asset ${assetId} is live; its bond is the owner's.`, await approveAsset({ client: await context.signer(), assetId, reason })))));
  curation.addCommand(judge('suspend', 'a curator: stop new orders, runs, subscriptions and listings').action(act(async (context, assetId: number, { reason }: { reason: string }) => {
    await confirm(`Suspend asset ${assetId}? What was bought stays with its buyers.`, context.yes);
    return done(`Asset ${assetId} is suspended; its owner can appeal.`, await suspendAsset({ client: await context.signer(), assetId, reason }));
  })));
  curation.addCommand(judge('reinstate', 'a curator: take a suspension back').action(act(async (context, assetId: number, { reason }: { reason: string }) =>
    done(`Asset ${assetId} is live again.`, await reinstateAsset({ client: await context.signer(), assetId, reason })))));
  curation.command('appeal').description('the owner: ask the jury about a suspension, and pay for it').addArgument(asset())
    .option('--text <text>', 'your side; stored publicly').option('--evidence <address>', 'or where it is written, like ipfs://...').action(act(appeal));
  curation.command('release').description('anybody, after the review window: return the bond').addArgument(asset()).action(act(async (context, assetId: number) =>
    done(`Asset ${assetId} is live; its bond is the owner's.`, await releaseBond({ client: await context.signer(), assetId }))));
  curation.command('slash').description('anybody, after a lost appeal or none: burn the bond').addArgument(asset()).action(act(async (context, assetId: number) =>
    done(`The bond of asset ${assetId} is burnt.`, await slashBond({ client: await context.signer(), assetId }))));
  return curation;
}

async function show(context: Context, assetId: number): Promise<Result> {
  const client = await context.client();
  const [found, { curation, owner, title }] = await Promise.all([readCuration({ client, assetId }), context.api.getAsset({ assetId })]);
  const { status, appeal, until, bond, disputeId } = found;
  const next = { none: undefined, pending: `review until ${when(until)}; after it anybody can run \`curation release\``, live: undefined, suspended: `the owner can appeal until ${when(until)}` }[status];
  const text = facts([
    ['Asset', `${assetId}, ${clean(title)}`], ['Owner', owner], ['Status', status], ['Reason', curation.reason === undefined ? undefined : clean(curation.reason)], ['By', curation.author],
    ['Bond', bond === 0n ? 'none held' : `${ncr(bond)} held`], ['Appeal', appeal === 'none' ? undefined : `${appeal}, dispute ${disputeId ?? ''}`], ['Next', appeal === 'none' ? next : undefined],
  ]);
  return { value: { ...found, reason: curation.reason, author: curation.author }, text };
}

async function appeal(context: Context, assetId: number, { evidence, text }: { evidence?: string; text?: string }): Promise<Result> {
  if ((evidence === undefined) === (text === undefined)) throw new NeuroError('Jurors need your side of it, once.', { code: 'BAD_INPUT', remedy: 'Give --text or --evidence.' });
  const client = await context.signer();
  const address = evidence ?? `ipfs://${await storeEvidence({ client, about: `asset ${assetId}`, text: text ?? '' })}`;
  const { disputeId, cost, ...sent } = await appealSuspension({ client, assetId, evidence: address });
  if (disputeId === undefined) return done('Too few jurors are there: the bond is yours again, the suspension stands, and you can appeal again later.', sent, { cost });
  return done(`The jury has it: dispute ${disputeId}, for ${ncr(cost)}.`, sent, { disputeId, cost });
}
