import { type DemoAccount, NeuroError } from '@neurodata/protocol';
import { type ApiClient, type NeuroClient, type Signer, createApi, createClient } from '@neurodata/sdk';
import type { Command } from 'commander';
import { type Address, type LocalAccount, isAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { readChosenName } from './chosenAccount.ts';
import { keyFile } from './keyFile.ts';
import { toJson } from './output.ts';
import { sendBytes } from './sendBytes.ts';
import { sessionFile } from './sessionFile.ts';
import { type CliSettings, readCliSettings } from './settings.ts';
import { voteFile } from './voteFile.ts';

/** What a command works with, made from the global options and the environment. */
export type Context = {
  settings: CliSettings;
  url: string;
  json: boolean;
  yes: boolean;
  /** `--as`, where given. */
  as: string | undefined;
  api: ApiClient;
  /** A client that acts as the chosen account, or reads only where none is chosen. */
  client(): Promise<NeuroClient>;
  /** A client that can sign; throws where no account is chosen. */
  signer(): Promise<NeuroClient & { account: Signer }>;
  /** A line for people, on stderr. */
  say(line: string): void;
};

/** What a command gives back: a value for `--json`, a text for people. `failed`: it ran, and the answer is no (exit code 1). */
export type Result = { value: unknown; text: string; failed?: boolean };

export type GlobalOptions = { url?: string; as?: string; json?: boolean; yes?: boolean };

export function createContext(options: GlobalOptions): Context {
  const settings = readCliSettings();
  const url = options.url ?? settings.url;
  const api = createApi({ url, credential: () => sessionFile(settings.home, url).credential() });
  const context: Context = {
    settings, url, api,
    json: options.json ?? false,
    yes: options.yes ?? false,
    as: options.as,
    client: async () => connect(context),
    signer: async () => {
      const client = await connect(context);
      if (!client.account) throw noAccount();
      return { ...client, account: client.account };
    },
    say: (line) => void process.stderr.write(`${line}\n`),
  };
  return context;
}

async function connect(context: Context): Promise<NeuroClient> {
  const account = await findAccount(context);
  return createClient({ url: context.url, fetch: sendBytes, ...(account ? { account, identities: keyFile(context.settings.home, account.address), votes: voteFile(context.settings.home, account.address) } : {}) });
}

/** Who acts: `--as`, else the private key in the environment, else the account chosen with `account use`. */
export async function findAccount(context: Context): Promise<LocalAccount | undefined> {
  const { as, settings } = context;
  if (as === 'env' || (as === undefined && settings.privateKey !== undefined)) return accountOfKey(settings.privateKey);
  const name = as ?? (await readChosenName(settings.home));
  return name === undefined ? undefined : privateKeyToAccount((await findDemoAccount(context, name)).privateKey);
}

function accountOfKey(text: string | undefined): LocalAccount {
  const key = text?.startsWith('0x') ? text : `0x${text ?? ''}`;
  if (/^0x[0-9a-fA-F]{64}$/.test(key)) return privateKeyToAccount(key as `0x${string}`);
  throw new NeuroError('NEURODATA_PRIVATE_KEY is not a private key.', { code: 'BAD_INPUT', remedy: 'Set it to 0x and 64 hexadecimal digits.' });
}

/** The demo account with this name; throws `NOT_FOUND` listing the names. */
export async function findDemoAccount(context: Context, name: string): Promise<DemoAccount> {
  const { items } = await context.api.listDemoAccounts();
  const found = items.find((account) => account.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  throw new NeuroError(`There is no demo account "${name}".`, { code: 'NOT_FOUND', remedy: `Use one of: ${items.map((account) => account.name).join(', ') || 'none on this node; set NEURODATA_PRIVATE_KEY'}.` });
}

function noAccount(): NeuroError {
  return new NeuroError('This needs an account, and none is chosen.', { code: 'BAD_INPUT', remedy: 'Add --as alice, run `neurodata account use alice`, or set NEURODATA_PRIVATE_KEY.' });
}

/** Makes a commander action of a command: context first, then its arguments and options; prints its result. */
export function act<Arguments extends unknown[]>(run: (context: Context, ...values: Arguments) => Promise<Result | undefined>): (...values: unknown[]) => Promise<void> {
  return async (...values) => {
    const command = values.at(-1) as Command;
    const context = createContext(command.optsWithGlobals<GlobalOptions>());
    const result = await run(context, ...(values.slice(0, -1) as Arguments));
    if (!result) return;
    process.stdout.write(`${context.json ? toJson(result.value) : result.text}\n`);
    if (result.failed) process.exitCode = 1;
  };
}

/** An address as it is, or the address of the demo account of that name. */
export async function accountNamed(context: Context, text: string): Promise<Address> {
  return isAddress(text) ? text : (await findDemoAccount(context, text)).address;
}
