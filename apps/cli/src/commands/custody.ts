import { type KeyDrill, drillKeys, refreshKeys, waitForHandover } from '@neurodata/sdk';
import { Argument, type Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { colours, table } from '../output.ts';
import { ids, positiveInteger } from '../parse.ts';
import { createProgress } from '../progress.ts';

const asset = (): Argument => new Argument('<asset>', 'its number').argParser(positiveInteger);
const version = (): Option => new Option('--version-number <number>', 'which version (default: the newest)').argParser(positiveInteger);
export type VersionOption = { versionNumber?: number };

/** What validators do with the keys that they hold shares of: adds its commands to `keys`. */
export function addCustodyCommands(keys: Command): void {
  keys.command('drill').description("have every holder of a key prove that it has its share; no share leaves, and the exit code is 1 where too few do").addArgument(asset()).addOption(version()).action(act(drill));
  keys.command('refresh').description('have the holders give each other new shares, and replace those that are gone; the old shares are worthless then').addArgument(asset()).addOption(version())
    .option('--without <ids>', 'validators who shall hold no share any more, separated by commas', ids).option('--no-wait', 'do not wait until it has taken effect').action(act(refresh));
}

/** The version that was named, or the newest. */
export async function versionOf(context: Context, assetId: number, { versionNumber }: VersionOption): Promise<number> {
  if (versionNumber !== undefined) return versionNumber;
  const { versions } = await context.api.getAsset({ assetId });
  return Math.max(...versions.map((one) => one.version));
}

async function drill(context: Context, assetId: number, options: VersionOption): Promise<Result> {
  const result = await drillKeys({ client: await context.client(), assetId, version: await versionOf(context, assetId, options) });
  return { value: result, text: drillText(result), failed: !result.enough };
}

function drillText({ assetId, version: number, epoch, threshold, holders, valid, enough }: KeyDrill): string {
  const colour = { valid: colours.green, invalid: colours.red, silent: colours.yellow };
  const rows = holders.map((holder) => [String(holder.validatorId), colour[holder.state](holder.state), holder.latencyMs === undefined ? '' : `${holder.latencyMs} ms`, holder.endpoint, holder.reason ?? '']);
  const sum = `${valid} of ${holders.length} holders proved their shares; ${threshold} are needed.`;
  return [
    `Key of asset ${assetId} version ${number}, epoch ${epoch}`, table(['validator', 'share', 'answered in', 'endpoint', 'why not'], rows, 'Nobody holds it.'),
    enough ? sum : `${sum} ${colours.red('The key cannot be released now.')}`,
  ].join('\n');
}

async function refresh(context: Context, assetId: number, options: VersionOption & { without?: number[]; wait: boolean }): Promise<Result> {
  const client = await context.signer();
  const number = await versionOf(context, assetId, options);
  const { epoch, hash } = await refreshKeys({ client, assetId, version: number, ...(options.without ? { without: options.without } : {}) });
  if (!options.wait) return { value: { assetId, version: number, epoch, hash }, text: `Asked for in ${hash}. The holders go on by themselves.` };
  const progress = createProgress('counts');
  const facts = await waitForHandover({ client, assetId, version: number, epoch, onConfirmed: (count) => progress.update('Holders confirm the new shares', count) }).finally(() => progress.stop());
  const { committee, threshold, keysetDigest } = facts;
  return { value: { assetId, version: number, epoch, hash, committee, threshold, keyset: keysetDigest }, text: `Epoch ${epoch}: validators ${committee.join(', ')} hold new shares, ${threshold} are needed. The old ones are worthless.` };
}
