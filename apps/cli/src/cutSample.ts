import { type SampleChoice, type TableSample, EngineError } from '@neurodata/engine';
import { DEFAULT_SAMPLE_ROWS, NeuroError, isOpenLicense, sampleByDefault } from '@neurodata/protocol';
import type { FolderSource } from './folder/folderSource.ts';
import type { PublishSource } from './publishSource.ts';
import { type LimitOptions, limitsOf } from './termsOptions.ts';

export type SampleOptions = {
  /** False: none, also where one is usual. */
  sample?: boolean;
  sampleRows?: number;
  sampleSeed?: number;
};

/** The rows of a sample, cut; `byDefault`: nobody chose them. */
export type CutSample = { table: TableSample; choice: SampleChoice; byDefault: boolean };

type Parameters = { source: PublishSource | FolderSource; options: SampleOptions & LimitOptions & { license: string; open?: boolean; asset?: number }; /** It looks like data about people. */ personal: boolean; say: (text: string) => void };

/** Cuts the sample that the options choose, or what is usual under an open licence; undefined where there is to be none. Throws where a sample that was chosen cannot be. */
export async function cutSample({ source: { table }, options, personal, say }: Parameters): Promise<CutSample | undefined> {
  const { sample = true, sampleRows, sampleSeed, license, open = false, asset } = options;
  if (!sample && sampleRows !== undefined) throw new NeuroError('--sample-rows and --no-sample exclude each other.', { code: 'BAD_INPUT', remedy: 'Give one of them.' });
  if (sampleSeed !== undefined && sampleRows === undefined) throw new NeuroError('A seed draws rows for a sample, and no sample was asked for.', { code: 'BAD_INPUT', remedy: 'Add --sample-rows.' });
  if (sampleRows !== undefined) {
    if (!table) throw new NeuroError('Samples are rows of tables, and this holds none.', { code: 'BAD_INPUT', remedy: 'Leave --sample-rows out.' });
    const choice = { rows: sampleRows, ...(sampleSeed === undefined ? {} : { seed: sampleSeed }) };
    return { table: await table.sample(choice), choice, byDefault: false };
  }
  // The next version of an asset changes nothing about its sample.
  if (!sample || !table || asset !== undefined) return undefined;
  if (personal && !open && isOpenLicense(license)) say('No sample rows are published by themselves: the table looks like data about people (--sample-rows chooses some).');
  if (!sampleByDefault({ license, rows: table.rows, open, limited: limitsOf(options) !== undefined, personal })) return undefined;
  const choice = { rows: DEFAULT_SAMPLE_ROWS };
  try {
    return { table: await table.sample(choice), choice, byDefault: true };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    say(`No sample rows are published: ${error.message}`);
    return undefined;
  }
}

/** What the plan says of it. */
export function sampleText({ choice: { rows, seed }, byDefault }: CutSample, bond: boolean): string {
  return `${seed === undefined ? `the first ${rows} rows` : `${rows} rows drawn with the seed ${seed}`}, free for everybody, as an asset of its own: fee and bond${bond ? '' : ' of a new asset'} once more${byDefault ? '; so it is under an open licence unless --no-sample is given' : ''}`;
}
