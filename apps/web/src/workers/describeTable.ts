import { type SampleChoice, sampleStream, tableMediaTypes } from '@neurodata/engine';
import { type ManifestColumn, NeuroError, type StatisticsChoice, describeColumns } from '@neurodata/protocol';
import { pieces } from './blobs.ts';
import { type DescribedFile, contentOfFile } from './fileContent.ts';

/**
 * What a manifest tells of a table file, before anything of it is sent: a sample that is too large is a mistake too. Throws `BAD_INPUT` for a column that it does not have,
 * or as `sampleStream`.
 */
export async function describeTable(parameters: { file: File; table: DescribedFile; statistics: StatisticsChoice; sample?: SampleChoice | undefined }): Promise<{ rows: number; columns: ManifestColumn[]; mediaType: string }> {
  const { file, table: { rows, columns, format }, statistics, sample } = parameters;
  const stray = statistics.topOf?.find((name) => !columns.some((column) => column.name === name && column.kind === 'categorical'));
  if (stray !== undefined) throw new NeuroError(`The table has no column ${stray} that holds texts.`, { code: 'BAD_INPUT', remedy: 'Name another, or none.' });
  if (sample) await sampleStream(() => pieces(file), sample, contentOfFile(file));
  return { rows, columns: describeColumns({ rows, columns, choice: statistics }), mediaType: tableMediaTypes[format] };
}
