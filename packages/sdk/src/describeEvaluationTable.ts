import { type EvaluationTable, MOST_TABLE_BYTES, NeuroError } from '@neurodata/protocol';
import { createStorage, memoryBlocks } from '@neurodata/storage';

/**
 * How a manifest names a table that is published along with a model. Nothing is stored yet: `client.storage.addFile` does
 * that, under the same CID. Throws `BAD_INPUT` where it is empty, `TOO_LARGE`.
 */
export async function describeEvaluationTable(parameters: { bytes: Uint8Array; fileName: string }): Promise<EvaluationTable> {
  const { bytes, fileName } = parameters;
  if (bytes.length === 0) throw new NeuroError(`The table ${fileName} is empty.`, { code: 'BAD_INPUT', remedy: 'Choose a table with a header and rows.' });
  if (bytes.length > MOST_TABLE_BYTES) throw new NeuroError(`The table ${fileName} has ${bytes.length} bytes; models are tested on at most ${MOST_TABLE_BYTES}.`, { code: 'TOO_LARGE', remedy: 'Name a smaller table.' });
  async function* content(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const { cid, sha256, size } = await createStorage(memoryBlocks()).addFile({ content: content() });
  return { kind: 'file', cid, sha256, size, fileName };
}
