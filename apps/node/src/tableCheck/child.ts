/** Entry of the process that describes a stranger's table: a question and the table in on stdin, one answer out on stdout. */
import { EngineError, profileStream, profileTable } from '@neurodata/engine';
import type { DescribedTable } from '@neurodata/engine';
import { cutNetwork } from '../modelCheck/cutNetwork.ts';
import type { TableAnswer, TableFacts, TableQuestion } from './answer.ts';
import { createSketches, sketchRows } from './sketchRows.ts';

/** Longer texts are not told by anybody, so nobody compares them. */
const LONGEST_VALUE = 200;

cutNetwork();
const { question, table } = await readQuestion(process.stdin);
process.stdout.write(JSON.stringify(await answer()));

async function answer(): Promise<TableAnswer> {
  try {
    return { type: 'described', facts: await (question.streamed ? describePassing() : describeWhole()) };
  } catch (error) {
    if (error instanceof EngineError) return { type: 'refused', code: error.code, message: error.message };
    // Arrays, texts and buffers that are longer than can be.
    if (error instanceof RangeError) return { type: 'refused', code: 'TOO_LARGE', message: 'The table asks for more memory than there can be: split it into several tables.' };
    throw error;
  }
}

function keys(): Buffer[] {
  return question.sketchKeys.map((key) => Buffer.from(key, 'hex'));
}

async function describeWhole(): Promise<TableFacts> {
  const bytes = await bytesOf(table);
  return { profile: told(await profileTable(bytes)), sketches: await sketchRows(bytes, keys()) };
}

async function describePassing(): Promise<TableFacts> {
  const sketches = createSketches(keys());
  const profile = await profileStream(table, question.sketchKeys.length === 0 ? {} : { takeRow: sketches.take });
  return { profile: told(profile), sketches: sketches.finish() };
}

function told(profile: DescribedTable): DescribedTable {
  const columns = profile.columns.map(({ top, ...column }) => ({ ...column, ...(top ? { top: top.filter(({ value }) => value.length <= LONGEST_VALUE) } : {}) }));
  return { ...profile, columns };
}

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The question, and the bytes behind it. */
async function readQuestion(source: AsyncIterable<Uint8Array>): Promise<{ question: TableQuestion; table: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  const end = (): number => (head.length < 4 ? Infinity : 4 + head.readUInt32LE(0));
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= end()) break;
  }
  const rest = { [Symbol.asyncIterator]: () => iterator };
  async function* following(): AsyncGenerator<Uint8Array> {
    yield head.subarray(end());
    yield* rest;
  }
  return { question: JSON.parse(head.subarray(4, end()).toString('utf8')) as TableQuestion, table: following() };
}
