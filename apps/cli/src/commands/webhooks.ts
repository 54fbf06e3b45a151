import { notificationKindNames } from '@neurodata/protocol';
import { Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { clean, table, when } from '../output.ts';
import { needSession } from '../needSession.ts';

type AddOptions = { kind?: (typeof notificationKindNames)[number][] };

export function webhooksCommand(): Command {
  const webhooks = new Command('webhooks');
  webhooks.command('list').description('your webhooks').action(act(list));
  webhooks.command('add').description('add one; its secret is shown once').argument('<url>', 'an https address').addOption(new Option('--kind <kinds...>', 'what it is told of; everything where absent').choices(notificationKindNames)).action(act(add));
  webhooks.command('remove').description('remove one').argument('<id>').action(act(remove));
  webhooks.command('test').description('post a message of no meaning').argument('<id>').action(act(test));
  webhooks.command('log').description('what was posted and what came of it').argument('<id>').action(act(log));
  webhooks.command('replay').description('post a message again').argument('<id>').argument('<delivery>').action(act(replay));
  return webhooks;
}

async function list(context: Context): Promise<Result> {
  await needSession(context);
  const { items } = await context.api.listWebhooks();
  const rows = items.map(({ webhookId, url, kinds, failingSince, disabledReason }) => [webhookId, disabledReason ?? (failingSince === null ? 'works' : 'fails'), kinds?.join(', ') ?? 'everything', clean(url)]);
  return { value: { items }, text: table(['id', 'state', 'told of', 'address'], rows, 'None.') };
}

async function add(context: Context, url: string, { kind }: AddOptions): Promise<Result> {
  await needSession(context);
  const made = await context.api.createWebhook({ url, ...(kind ? { kinds: kind } : {}) });
  return { value: made, text: `Webhook ${made.item.webhookId}. Its secret is shown now and never again:\n${made.secret}` };
}

async function remove(context: Context, webhookId: string): Promise<Result> {
  await needSession(context);
  return { value: await context.api.deleteWebhook({ webhookId }), text: 'Removed.' };
}

async function test(context: Context, webhookId: string): Promise<Result> {
  await needSession(context);
  const value = await context.api.testWebhook({ webhookId });
  return { value, text: `Posted; see \`neurodata webhooks log ${webhookId}\`.` };
}

async function log(context: Context, webhookId: string): Promise<Result> {
  await needSession(context);
  const { items } = await context.api.listWebhookDeliveries({ webhookId });
  const rows = items.map(({ deliveryId, kind, state, attempts, status, error, createdAt }) => [deliveryId, when(createdAt), kind, state, String(attempts), clean(error ?? String(status ?? ''))]);
  return { value: { items }, text: table(['id', 'when', 'what', 'state', 'tries', 'answer'], rows, 'Nothing was posted yet.') };
}

async function replay(context: Context, webhookId: string, deliveryId: string): Promise<Result> {
  await needSession(context);
  return { value: await context.api.replayWebhookDelivery({ webhookId, deliveryId }), text: 'It is posted again.' };
}
