/** Entry of the process that describes a stranger's table: a question and the table in on stdin, one answer out on stdout. */
import { EngineError, profileTable } from '@neurodata/engine';
import { cutNetwork } from '../modelCheck/cutNetwork.ts';
import type { TableAnswer, TableFacts, TableQuestion } from './answer.ts';
import { sketchRows } from './sketchRows.ts';

/** Longer texts are not told by anybody, so nobody compares them. */
const LONGEST_VALUE = 200;

cutNetwork();
const input = await bytesOf(process.stdin);
const start = 4 + new DataView(input.buffer, input.byteOffset).getUint32(0, true);
const question = JSON.parse(new TextDecoder().decode(input.subarray(4, start))) as TableQuestion;
process.stdout.write(JSON.stringify(await answer(input.subarray(start), question)));

async function answer(table: Uint8Array, { sketchKeys }: TableQuestion): Promise<TableAnswer> {
  try {
    return { type: 'described', facts: await describe(table, sketchKeys) };
  } catch (error) {
    if (error instanceof EngineError) return { type: 'refused', code: error.code, message: error.message };
    // Arrays, texts and buffers that are longer than can be.
    if (error instanceof RangeError) return { type: 'refused', code: 'TOO_LARGE', message: 'The table asks for more memory than there can be: split it into several tables.' };
    throw error;
  }
}

async function describe(table: Uint8Array, sketchKeys: readonly string[]): Promise<TableFacts> {
  const profile = await profileTable(table);
  const columns = profile.columns.map(({ top, ...column }) => ({ ...column, ...(top ? { top: top.filter(({ value }) => value.length <= LONGEST_VALUE) } : {}) }));
  return { profile: { ...profile, columns }, sketches: await sketchRows(table, sketchKeys.map((key) => Buffer.from(key, 'hex'))) };
}

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
