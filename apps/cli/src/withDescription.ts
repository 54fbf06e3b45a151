import { type DeclaredColumn, type ImportedDescription, MOST_DESCRIPTION_BYTES, NeuroError, readDescription, unknownLicenseError } from '@neurodata/protocol';
import { stat } from 'node:fs/promises';
import { looksLikeCard, readCard } from './drafts/readCard.ts';
import type { PublishOptions } from './publishFile.ts';
import { readBytes, unreadable } from './readBytes.ts';

/** What the command line says; what is missing stands in the file that `from` names. */
export type SaidOptions = Omit<PublishOptions, 'title' | 'description' | 'license'> & { title?: string; description?: string; license?: string; from?: string };

/**
 * The options as they are once a description from elsewhere has filled what was not typed. Throws `BAD_INPUT` naming what is still to be typed:
 * a title, a description, or a licence that the file leaves out or names in words that nobody knows.
 */
export async function withDescription({ from, ...said }: SaidOptions): Promise<{ options: PublishOptions; columns: DeclaredColumn[] }> {
  const found = from === undefined ? undefined : readAny(await readBounded(from));
  const { title = found?.title, description = found?.description, license = found?.license, source = found?.source, tags = tagsOf(found) } = said;
  if (license === undefined && found?.unknownLicense !== undefined) throw unknownLicenseError(found.unknownLicense, 'with --license');
  if (title === undefined || description === undefined || license === undefined) throw incomplete({ title, description, license }, from);
  return { options: { ...said, title, description, license, ...(source === undefined ? {} : { source }), ...(tags === undefined ? {} : { tags }) }, columns: found?.columns ?? [] };
}

/** A card with front matter, or JSON. */
const readAny = (bytes: Uint8Array): ImportedDescription => (looksLikeCard(bytes) ? readCard(bytes) : readDescription(bytes));

const tagsOf = (found: ImportedDescription | undefined): string[] | undefined => (found && found.tags.length > 0 ? found.tags : undefined);

/** Nothing larger is read than is looked at. */
async function readBounded(file: string): Promise<Uint8Array> {
  const { size } = await stat(file).catch((cause: unknown) => { throw unreadable(file, cause); });
  if (size > MOST_DESCRIPTION_BYTES) throw new NeuroError(`${file} has ${size} bytes, too many for a description.`, { code: 'TOO_LARGE', remedy: `At most ${MOST_DESCRIPTION_BYTES} are read.` });
  return readBytes(file);
}

function incomplete(needed: Record<string, string | undefined>, from: string | undefined): NeuroError {
  const missing = Object.entries(needed).filter(([, value]) => value === undefined).map(([name]) => `--${name}`);
  return new NeuroError(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing${from === undefined ? '' : `: ${from} does not say it`}.`, { code: 'BAD_INPUT', remedy: from === undefined ? 'Give them, or --from with a Croissant file, a README.md with front matter, or a dataset-metadata.json of Kaggle.' : 'Type what is missing.' });
}
