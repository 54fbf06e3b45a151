import { EngineError } from '../../errors.ts';
import { formatOf } from '../readTable.ts';
import type { SampleChoice } from './chooseRows.ts';
import { type TableSample, sampleTable } from './sampleTable.ts';

const HEAD_BYTES = 1 << 22;

/**
 * As `sampleTable`, of a file that is read here: no further than its first 4 MiB where the first rows of CSV or NDJSON are wanted and lie there. `read` gives the first bytes, all of them where no number is given.
 *
 * @throws EngineError as `sampleTable`
 */
export async function sampleFile(read: (most?: number) => Promise<Uint8Array>, choice: SampleChoice): Promise<TableSample> {
  const head = choice.seed === undefined ? await read(HEAD_BYTES) : new Uint8Array();
  if (head.length > 0 && ['csv', 'ndjson'].includes(formatOf(head))) {
    try {
      return await sampleTable(head, choice);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'TOO_FEW_ROWS' || head.length < HEAD_BYTES) throw error;
    }
  }
  return sampleTable(await read(), choice);
}
