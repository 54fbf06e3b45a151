import { scopes } from '@neurodata/protocol';
import type { Scope } from '@neurodata/protocol';
import { Command, Option } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import { type Context, type Result, act } from '../context.ts';
import { clean, table, when } from '../output.ts';
import { needSession } from '../needSession.ts';
import { withProof } from '../withProof.ts';

export function authKeysCommand(): Command {
  const keys = new Command('keys').description('API keys of the account, for programs');
  keys.command('list').description('newest first').action(act(listKeys));
  keys.command('add').description('make one; it is shown once').argument('<name>', 'what it is for').addOption(new Option('--scope <scopes...>', 'what it may do').choices(scopes).default(['profile:read'])).action(act(addKey));
  keys.command('remove').description('end one').argument('<id>').action(act(removeKey));
  return keys;
}

export function authPasskeysCommand(): Command {
  const passkeys = new Command('passkeys').description('passkeys of the account; a browser makes them');
  passkeys.command('list').description('newest first').action(act(listPasskeys));
  passkeys.command('remove').description('remove one').argument('<id>').action(act(removePasskey));
  return passkeys;
}

export function authTotpCommand(): Command {
  const totp = new Command('totp').description('an authenticator as second factor');
  totp.command('begin').description('show a secret, as a picture for its camera').action(act(beginTotp));
  totp.command('enable').description('ask for a second factor from now on').argument('<code>', 'the six digits that it shows').action(act(enableTotp));
  totp.command('disable').description('ask for none any more').argument('<code>').action(act(disableTotp));
  return totp;
}

async function listKeys(context: Context): Promise<Result> {
  await needSession(context);
  const { items } = await context.api.listKeys();
  return { value: { items }, text: table(['id', 'begins', 'for', 'may', 'last used'], items.map((key) => [key.keyId, key.prefix, clean(key.name), key.scopes.join(', '), key.usedAt === null ? 'never' : when(key.usedAt)]), 'None.') };
}

async function addKey(context: Context, name: string, { scope }: { scope: Scope[] }): Promise<Result> {
  await needSession(context);
  const made = await withProof(context, () => context.api.createKey({ name, scopes: scope }));
  return { value: made, text: `This key is shown now and never again:\n${made.key}` };
}

async function removeKey(context: Context, keyId: string): Promise<Result> {
  await needSession(context);
  return { value: await context.api.deleteKey({ keyId }), text: 'The key has ended.' };
}

async function listPasskeys(context: Context): Promise<Result> {
  await needSession(context);
  const { items } = await context.api.listPasskeys();
  return { value: { items }, text: table(['id', 'name', 'for', 'last used'], items.map((item) => [item.passkeyId, clean(item.name), item.host, item.usedAt === null ? 'never' : when(item.usedAt)]), 'None.') };
}

async function removePasskey(context: Context, passkeyId: string): Promise<Result> {
  await needSession(context);
  return { value: await withProof(context, () => context.api.deletePasskey({ passkeyId })), text: 'Removed.' };
}

async function beginTotp(context: Context): Promise<Result> {
  await needSession(context);
  const begun = await withProof(context, () => context.api.beginTotp({}));
  return { value: begun, text: `${renderUnicodeCompact(begun.uri)}\n${begun.secret}\nThen: neurodata auth totp enable <the six digits>` };
}

async function enableTotp(context: Context, secondFactor: string): Promise<Result> {
  await needSession(context);
  const made = await context.api.enableTotp({ secondFactor });
  return { value: made, text: `Recovery codes, for the day the app is lost. Each works once; they are shown now and never again:\n${made.recoveryCodes.join('\n')}` };
}

async function disableTotp(context: Context, secondFactor: string): Promise<Result> {
  await needSession(context);
  return { value: await context.api.disableTotp({ secondFactor }), text: 'Signing in asks for no code any more.' };
}
