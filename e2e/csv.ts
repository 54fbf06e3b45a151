import { profileCsv } from '@neurodata/engine';
import { type ManifestColumn, describeColumns } from '@neurodata/protocol';
import { readDatasets } from '../apps/node/src/seed/readDatasets.ts';

const [penguins] = await readDatasets();

/** The penguins of npm `vega-datasets` (344 rows, CC0) as CSV bytes, as the node seeds them. */
export function penguinsCsv(): Uint8Array {
  return penguins!.csv;
}

/** Rows and columns as a manifest lists them. */
export function describeCsv(csv: Uint8Array): { rows: number; columns: ManifestColumn[] } {
  const { rows, columns } = profileCsv(csv);
  return { rows, columns: describeColumns({ rows, columns }) };
}

/** One chunk as the stream that publishing takes. */
export async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
