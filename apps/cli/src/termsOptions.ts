import { type Limits, type Purpose, type Use, nonCommercialUses, uses } from '@neurodata/protocol';
import { NeuroError } from '@neurodata/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { names } from './parse.ts';

/** What a publisher limits. commander's defaults of `--no-` options are true. */
export type LimitOptions = { purposes?: Use[]; derivatives?: boolean; sharing?: boolean };
export type PurposeOptions = { purpose?: Use; shareResult?: boolean };

export function addLimitOptions(command: Command): Command {
  return command
    .option('--purposes <list>', `the only uses that are admitted, separated by commas: ${uses.join(', ')}, or non-commercial for all of those; buyers sign one`, usesOf)
    .option('--no-derivatives', 'nothing may be made of it: no runs, no models')
    .option('--no-sharing', 'what is made of it may not be passed on');
}

export function addPurposeOptions(command: Command): Command {
  return command
    .addOption(new Option('--purpose <use>', 'what it is for, where its publisher has set limits; you sign it').choices([...uses]))
    .option('--share-result', 'what comes of it may be passed on; otherwise you promise to keep it');
}

export function limitsOf({ purposes, derivatives = true, sharing = true }: LimitOptions): Limits | undefined {
  const limits: Limits = { ...(purposes ? { uses: purposes } : {}), ...(derivatives ? {} : { noDerivatives: true as const }), ...(sharing ? {} : { noSharing: true as const }) };
  return Object.keys(limits).length > 0 ? limits : undefined;
}

/** The purpose that was named, as the sdk takes it. */
export function purposeOf({ purpose, shareResult = false }: PurposeOptions): { purpose?: Purpose } {
  if (purpose) return { purpose: { use: purpose, sharesResult: shareResult } };
  if (shareResult) throw new NeuroError('Only who names a purpose says what becomes of the result.', { code: 'BAD_INPUT', remedy: 'Add --purpose, or leave --share-result out.' });
  return {};
}

/** "research, education" to uses, in the order of the list. */
export function usesOf(text: string): Use[] {
  const named = names(text);
  const unknown = named.find((name) => name !== 'non-commercial' && !uses.some((use) => use === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${uses.join(', ')}, non-commercial.`);
  return uses.filter((use) => named.includes(use) || (named.includes('non-commercial') && nonCommercialUses.includes(use)));
}
