import { NeuroError, reportStates } from '@neurodata/protocol';
import { approveAsset, reinstateAsset, suspendAsset } from '@neurodata/sdk';
import { Argument, Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { printCsv } from '../fetchCsv.ts';
import { clean, facts, short, shortId, table, when } from '../output.ts';
import { positiveInteger, seconds } from '../parse.ts';
import { confirm } from '../prompt.ts';

const reasoned = (name: string, description: string): Command => new Command(name).description(description).requiredOption('--reason <text>', 'why; shown to whom it concerns');
const subject = (): Argument => new Argument('<subject>', 'asset:<number> or review:<order id>');
const verbs = { approve: approveAsset, suspend: suspendAsset, reinstate: reinstateAsset } as const;

export function adminCommand(): Command {
  const admin = new Command('admin');
  admin.command('queue').description('assets that wait for a curator').action(act(queue));
  admin.command('reports').description('reports, newest first').addOption(new Option('--state <state>').choices([...reportStates])).action(act(reports));
  admin.addCommand(reasoned('dismiss', 'do nothing about a report').argument('<report>', 'its id').action(act(dismiss)));
  admin.addCommand(reasoned('hide', 'show an asset in no list of the node, or a review without its text').addArgument(subject()).action(act(hide)));
  admin.addCommand(reasoned('show', 'show it again').addArgument(subject()).action(act(show)));
  admin.command('hidden').description('what the node does not show').option('--appeals', 'only open appeals').action(act(hidden));
  admin.addCommand(reasoned('decide', 'an appeal').addArgument(subject()).addArgument(new Argument('<decision>').choices(['grant', 'refuse'])).action(act(decide)));
  admin.addCommand(reasoned('curate', 'decide on chain, with a wallet that is curator there').addArgument(new Argument('<asset>', 'its number').argParser(positiveInteger)).addArgument(new Argument('<action>').choices(['approve', 'suspend', 'reinstate'])).action(act(curate)));
  admin.command('disputes').description('what is disputed now').action(act(disputes));
  admin.command('projection').description('how far the rows are that are made from the chain').action(act(projection));
  admin.command('audit').description('what was done in the name of a role, newest first').option('--actor <user>').option('--action <action>').option('--subject <subject>')
    .addOption(new Option('--from <time>', 'a date, or Unix seconds').argParser(seconds)).addOption(new Option('--to <time>', 'the same').argParser(seconds)).option('--csv', 'all of it as a sheet on stdout').action(act(audit));
  admin.command('reset').description('forget all users but you, and what they said: on the embedded chain only').requiredOption('--phrase <text>', 'the phrase that the refusal names').action(act(reset));
  return admin;
}

async function queue(context: Context): Promise<Result> {
  const { items } = await context.api.listCurationQueue({ limit: 100 });
  const rows = items.map(({ asset, reports: open, hidden: gone }) => [String(asset.assetId), short(asset.title, 40), asset.curation.status, open.length === 0 ? '' : `${open.length}: ${[...new Set(open.map(({ reason }) => reason))].join(', ')}`, gone ? 'hidden' : '']);
  return { value: { items }, text: table(['asset', 'title', 'on chain', 'reports', ''], rows, 'Nothing waits.') };
}

async function reports(context: Context, { state }: { state?: (typeof reportStates)[number] }): Promise<Result> {
  const { items } = await context.api.listReports({ limit: 100, ...(state ? { state } : {}) });
  return { value: { items }, text: table(['report', 'about', 'reason', 'state', 'when', 'what'], items.map((item) => [item.reportId, item.subject.slice(0, 20), item.reason, item.state, when(item.createdAt), short(item.evidence, 60)]), 'No reports.') };
}

async function dismiss(context: Context, reportId: string, { reason }: { reason: string }): Promise<Result> {
  return { value: await context.api.dismissReport({ reportId, reason }), text: 'Dismissed.' };
}

async function hide(context: Context, about: string, { reason }: { reason: string }): Promise<Result> {
  return { value: await context.api.hideSubject({ subject: about, reason }), text: `${about} is hidden here; its owner is told and may appeal.` };
}

async function show(context: Context, about: string, { reason }: { reason: string }): Promise<Result> {
  return { value: await context.api.showSubject({ subject: about, reason }), text: `${about} is shown again.` };
}

async function hidden(context: Context, { appeals }: { appeals?: boolean }): Promise<Result> {
  const { items } = await context.api.listHidden({ limit: 100, ...(appeals ? { appeal: 'open' } : {}) });
  return { value: { items }, text: table(['what', 'title', 'why', 'appeal', ''], items.map((item) => [item.subject.slice(0, 20), short(item.title ?? '', 30), short(item.reason, 40), item.appeal, short(item.appealText ?? '', 60)]), 'Nothing is hidden.') };
}

async function decide(context: Context, about: string, decision: string, { reason }: { reason: string }): Promise<Result> {
  const granted = decision === 'grant';
  return { value: await context.api.decideAppeal({ subject: about, granted, reason }), text: granted ? `${about} is shown again.` : 'It stays hidden.' };
}

/** The node writes down that it was decided; the wallet decides. */
async function curate(context: Context, assetId: number, action: keyof typeof verbs, { reason }: { reason: string }): Promise<Result> {
  const prepared = await context.api.prepareCuration({ assetId, action, reason });
  const client = await context.signer();
  if (!prepared.senders.some((sender) => sender.toLowerCase() === client.account.address.toLowerCase())) throw new NeuroError(`${client.account.address} is no curator on chain.`, { code: 'FORBIDDEN', remedy: `Act as ${prepared.senders.join(' or ')}.` });
  await confirm(`${clean(prepared.sentence)}?`, context.yes);
  const sent = await verbs[action]({ client, assetId, reason });
  return { value: { prepared, ...sent }, text: `Done.\nTransaction ${sent.hash}` };
}

async function disputes(context: Context): Promise<Result> {
  const found = await context.api.getDisputesOverview();
  const rows = [
    ...found.orders.map(({ orderId, title, state, until }) => [`order ${shortId(orderId)}`, short(title, 40), state, until === undefined ? '' : `until ${when(until)}`]),
    ...found.juries.map(({ disputeId, asset, phase, deadline }) => [`dispute ${disputeId}`, short(asset?.title ?? '', 40), phase, deadline === undefined ? '' : `until ${when(deadline)}`]),
  ];
  return { value: found, text: `${table(['what', 'asset', 'stage', ''], rows, 'Nothing is disputed.')}\n${found.upheld} for the buyer, ${found.dismissed} for the seller so far.` };
}

async function projection(context: Context): Promise<Result> {
  const found = await context.api.getProjection();
  return { value: found, text: facts([['Indexed', `block ${found.indexed} of ${found.head}, ${when(found.indexedAt)}`], ['Events', found.events], ['Documents', `${found.wanted} wanted, ${found.unreadable} unreadable`], ['Tables', `${found.tables.length}, ${Math.round(found.tables.reduce((sum, { bytes }) => sum + bytes, 0) / 1_048_576)} MiB`]]) };
}

type AuditOptions = { actor?: string; action?: string; subject?: string; from?: number; to?: number; csv?: boolean };

async function audit(context: Context, { csv, ...filters }: AuditOptions): Promise<Result | undefined> {
  if (csv) return void (await printCsv(context, 'admin/audit', filters));
  const { items } = await context.api.listAudit({ ...filters, limit: 100 });
  return { value: { items }, text: table(['id', 'when', 'who', 'what', 'about', 'why'], items.map((item) => [String(item.id), when(item.at), item.actor.slice(0, 8), item.action, item.subject.slice(0, 44), short(item.reason ?? '', 60)]), 'Nothing yet.') };
}

async function reset(context: Context, { phrase }: { phrase: string }): Promise<Result> {
  await confirm('Forget all users of this node but you, and all that they said?', context.yes);
  return { value: await context.api.resetNode({ phrase }), text: 'Forgotten.' };
}
