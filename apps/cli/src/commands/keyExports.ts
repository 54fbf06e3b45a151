import { open, readFile } from 'node:fs/promises';
import { NeuroError } from '@neurodata/protocol';
import { decodeIdentity, decodeRecipient } from '@neurodata/sealing';
import { type KeyExportLock, type ValidatorAccesses, exportKey, openKeyExport, readAccessLog, readManifest, readVersion, recoverContent } from '@neurodata/sdk';
import { Argument, type Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { writeAtomic } from '../atomicFile.ts';
import { clean, shortId, table, when } from '../output.ts';
import { positiveInteger } from '../parse.ts';
import { type VersionOption, versionOf } from './custody.ts';

const asset = (): Argument => new Argument('<asset>', 'its number').argParser(positiveInteger);
const version = (): Option => new Option('--version-number <number>', 'which version (default: the newest)').argParser(positiveInteger);
const passphraseFile = (): Option => new Option('--passphrase-file <file>', 'its first line is the passphrase');

/** A seller's own copy of a key, and who asked the validators for it: adds its commands to `keys`. */
export function addExportCommands(keys: Command): void {
  keys.command('export').description('write the key of an asset that you own into an encrypted age file, for your safe').addArgument(asset()).addOption(version())
    .requiredOption('--out <file>', 'where to write it').option('--ciphertext <file>', 'where to write the sealed file, which belongs to it').addOption(passphraseFile()).option('--recipient <age1...>', 'an age public key, instead of a passphrase').action(act(writeExport));
  keys.command('recover').description('open the content with an exported key, without any node, chain or validator').argument('<export>', 'the exported file')
    .requiredOption('--ciphertext <file>', 'the sealed file').requiredOption('--out <file>', 'where to write the content').addOption(passphraseFile()).option('--identity <file>', 'an age secret key, instead of a passphrase').action(act(recover));
  keys.command('log').description('who asked the validators for the key of an asset that you own, and what they answered').addArgument(asset()).addOption(version()).action(act(showLog));
}

type Lock = { passphraseFile?: string };

async function writeExport(context: Context, assetId: number, options: VersionOption & Lock & { out: string; recipient?: string; ciphertext?: string }): Promise<Result> {
  const lock = await lockOf(options);
  const client = await context.signer();
  const number = await versionOf(context, assetId, options);
  const bytes = await exportKey({ client, assetId, version: number, lock });
  await writeAtomic(options.out, bytes, 0o600);
  const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version: number }) });
  const { cid } = manifest['nd:sealed'];
  if (options.ciphertext !== undefined) await writeAtomic(options.ciphertext, client.storage.readFile({ cid }));
  return { value: { assetId, version: number, file: options.out, ciphertext: options.ciphertext ?? null, cid }, text: `Wrote the key of asset ${assetId} version ${number} to ${options.out}. Keep the sealed file ${options.ciphertext ?? cid} with it: neurodata keys recover needs both, and nothing else.` };
}

async function lockOf({ passphraseFile: file, recipient }: Lock & { recipient?: string }): Promise<KeyExportLock> {
  if ((file === undefined) === (recipient === undefined)) throw new NeuroError('The export needs one lock.', { code: 'BAD_INPUT', remedy: 'Pass --passphrase-file or --recipient.' });
  return recipient === undefined ? { passphrase: await readPassphrase(file ?? '') } : { recipients: [decodeRecipient(recipient)] };
}

async function recover(_context: Context, file: string, options: Lock & { ciphertext: string; out: string; identity?: string }): Promise<Result> {
  const opener = options.identity === undefined ? { passphrase: await readPassphrase(options.passphraseFile ?? '') } : { identities: await readIdentities(options.identity) };
  const key = await openKeyExport({ file: new Uint8Array(await readFile(file)), ...opener });
  // Opened here: a stream that fails to open before it is read would end the process.
  const ciphertext = (await open(options.ciphertext)).createReadStream();
  const length = await writeAtomic(options.out, recoverContent({ ciphertext, key }), 0o600);
  return { value: { assetId: key.assetId, version: key.version, file: options.out, bytes: length }, text: `Wrote ${key.fileName} of asset ${key.assetId} version ${key.version} to ${options.out}. It is what its publisher committed to.` };
}

async function readPassphrase(file: string): Promise<string> {
  if (file === '') throw new NeuroError('There is no passphrase.', { code: 'BAD_INPUT', remedy: 'Pass --passphrase-file, or --identity.' });
  return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
}

async function readIdentities(file: string) {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-1'));
  return lines.map((line) => decodeIdentity(line.trim()));
}

async function showLog(context: Context, assetId: number, options: VersionOption): Promise<Result> {
  const client = await context.signer();
  const logs = await readAccessLog({ client, assetId, version: await versionOf(context, assetId, options) });
  return { value: { assetId, validators: logs }, text: logText(logs) };
}

function logText(logs: ValidatorAccesses[]): string {
  const rows = logs.flatMap(({ validatorId, items }) => items.map((one) => ({ validatorId, ...one }))).toSorted((a, b) => b.at - a.at)
    .map((one) => [when(one.at), String(one.validatorId), one.account, shortId(one.proofId), one.outcome, clean(one.reason ?? '')]);
  const problems = logs.filter(({ problem }) => problem).map(({ validatorId, problem }) => `Validator ${validatorId}: ${problem}`);
  return [table(['when', 'validator', 'asked by', 'as', 'answer', 'why'], rows, 'Nobody asked. Grants for orders are on chain: neurodata orders list.'), ...problems].join('\n');
}
