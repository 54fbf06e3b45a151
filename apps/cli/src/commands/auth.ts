import { NeuroError } from '@neurodata/protocol';
import type { SignedIn } from '@neurodata/protocol';
import { Command } from 'commander';
import { type Context, type Result, act, findAccount } from '../context.ts';
import { facts, table, when } from '../output.ts';
import { askSecret } from '../prompt.ts';
import { needSession } from '../needSession.ts';
import { sessionFile } from '../sessionFile.ts';
import { authKeysCommand, authPasskeysCommand, authTotpCommand } from './authWays.ts';

type LoginOptions = { email?: string; code?: string };

export function authCommand(): Command {
  const auth = new Command('auth');
  auth.command('login').description('sign in with the account\'s wallet, or by e-mail; the password is asked for').option('--email <address>', 'sign in by e-mail')
    .option('--code <code>', 'of an authenticator, or a recovery code').action(act(login));
  auth.command('logout').description('end the session here and at the node').action(act(logout));
  auth.command('whoami').description('who is signed in').action(act(whoami));
  auth.command('sessions').description('open sessions, last used first').action(act(sessions));
  auth.addCommand(authKeysCommand()).addCommand(authPasskeysCommand()).addCommand(authTotpCommand());
  return auth;
}

async function login(context: Context, { email, code }: LoginOptions): Promise<Result> {
  const secondFactor = code === undefined ? {} : { secondFactor: code };
  const signedIn = email === undefined ? await walletLogin(context, secondFactor) : await context.api.login({ email, password: await askSecret('Password: '), ...secondFactor });
  await sessionFile(context.settings.home, context.url).keep(signedIn);
  const { user } = signedIn;
  return { value: user, text: `Signed in to ${context.url} as ${user.email ?? user.wallets[0]?.address ?? user.userId}.` };
}

async function walletLogin(context: Context, secondFactor: { secondFactor?: string }): Promise<SignedIn> {
  const account = await findAccount(context);
  if (!account) throw new NeuroError('No wallet is chosen.', { code: 'BAD_INPUT', remedy: 'Add --as alice or --email with your address, or set NEURODATA_PRIVATE_KEY.' });
  const { message } = await context.api.connectWallet({ address: account.address });
  return context.api.walletLogin({ message, signature: await account.signMessage({ message }), ...secondFactor });
}

async function logout(context: Context): Promise<Result> {
  const ended = await sessionFile(context.settings.home, context.url).end();
  return { value: { ended }, text: ended ? 'Signed out.' : 'Nobody was signed in.' };
}

async function whoami(context: Context): Promise<Result> {
  await needSession(context);
  const user = await context.api.getUser();
  return {
    value: user,
    text: facts([['user', user.userId], ['e-mail', user.email ?? undefined], ['wallets', user.wallets.map(({ address }) => address).join(', ') || undefined], ['roles', user.roles.join(', ')], ['second factor', user.secondFactor ? 'yes' : 'no'], ['since', when(user.createdAt)]]),
  };
}

async function sessions(context: Context): Promise<Result> {
  await needSession(context);
  const { items } = await context.api.listSessions();
  return { value: { items }, text: table(['', 'program', 'from', 'by', 'last used'], items.map((item) => [item.current ? '*' : '', item.agent, item.address, item.method, when(item.usedAt)]), 'None.') };
}
