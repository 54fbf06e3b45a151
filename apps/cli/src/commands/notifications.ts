import { Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { clean, short, table, when } from '../output.ts';
import { needSession } from '../needSession.ts';
import { pageSize, positiveInteger } from '../parse.ts';

export function notificationsCommand(): Command {
  const notifications = new Command('notifications');
  notifications.command('list').description('newest first').option('--unread', 'only what you have not read').addOption(new Option('--limit <count>', 'how many').argParser(pageSize).default(20)).action(act(list));
  notifications.command('read').description('mark notifications as read: those named, or all').argument('[ids...]', 'their numbers').action(act(read));
  return notifications;
}

async function list(context: Context, { unread, limit }: { unread?: boolean; limit: number }): Promise<Result> {
  await needSession(context);
  const found = await context.api.listNotifications({ limit, ...(unread ? { unread: 'true' as const } : {}) });
  const rows = found.items.map(({ notificationId, title, text, at, readAt }) => [String(notificationId), readAt === null ? '*' : '', when(at), clean(title), short(text, 60)]);
  return { value: found, text: table(['id', '', 'when', 'what', ''], rows, 'Nothing.') };
}

async function read(context: Context, ids: string[]): Promise<Result> {
  await needSession(context);
  const { unread } = await context.api.readNotifications(ids.length > 0 ? { notificationIds: ids.map(positiveInteger) } : {});
  return { value: { unread }, text: `${unread} left to read.` };
}
