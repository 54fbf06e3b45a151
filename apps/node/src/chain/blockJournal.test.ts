import { appendFile, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type BlockJournal, type JournalBlock, type JournalEntry, openBlockJournal } from './blockJournal.ts';

const hash = `0x${'ab'.repeat(32)}` as const;
const genesis: JournalEntry = { type: 'genesis', chainId: 1, timestamp: 5, accounts: 1, engine: 'x', hash };
const block = (number: number): JournalEntry => ({ type: 'block', number, timestamp: number, gasLimit: 9, transactions: ['0x01'] });
const lines: string[] = [];
const open = (file: string): Promise<BlockJournal> => openBlockJournal({ file, log: (line) => lines.push(line) });

async function write(): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'journal-')), 'journal.ndjson');
  const journal = await open(file);
  for (const entry of [genesis, block(1), { type: 'mined', number: 1, hash } as const, block(2)]) await journal.append(entry, { durable: true });
  await journal.close();
  return file;
}

async function readAll(journal: BlockJournal, after = 0): Promise<JournalBlock[]> {
  const blocks: JournalBlock[] = [];
  for await (const read of journal.blocks(after)) blocks.push(read);
  return blocks;
}

test('gives back what was written, and goes on from there', async () => {
  const file = await write();
  const journal = await open(file);
  expect(journal.genesis()).toEqual(genesis);
  expect(journal.lastNumber()).toBe(2);
  expect(await readAll(journal)).toEqual([{ ...block(1), hash }, { ...block(2), hash: undefined }]);
  await journal.append({ type: 'mined', number: 2, hash });
  await journal.append(block(3), { durable: true });
  expect((await readAll(journal, 1)).map(({ number, hash: known }) => [number, known])).toEqual([[2, hash], [3, undefined]]);
  await journal.close();
});

test('cuts a torn last line at every place where it may tear', async () => {
  const file = await write();
  const text = await readFile(file, 'utf8');
  const lastLine = text.trimEnd().lastIndexOf('\n') + 1;
  for (let size = lastLine; size < text.length; size += 7) {
    await writeFile(file, text);
    await truncate(file, size);
    const journal = await open(file);
    expect(journal.lastNumber()).toBe(1);
    await journal.append(block(2), { durable: true });
    await journal.close();
    expect(await readFile(file, 'utf8')).toBe(text);
  }
  await appendFile(file, '\0'.repeat(4096));
  await (await open(file)).close();
  expect(await readFile(file, 'utf8')).toBe(text);
  expect(lines.at(-1)).toContain('cut a torn end of 4096 bytes after block 2');
});

test('names the line that is damaged before the end, and changes nothing', async () => {
  const file = await write();
  const text = await readFile(file, 'utf8');
  const damaged = text.replace('"timestamp":1', '"timestamp":8');
  await writeFile(file, damaged);
  await expect(open(file)).rejects.toThrow(/damaged at line 2/);
  expect(await readFile(file, 'utf8')).toBe(damaged);
  const all = text.split('\n');
  await writeFile(file, [all[0], all[3], ''].join('\n'));
  await expect(open(file)).rejects.toThrow(/block 2 follows block 0/);
});

test('refuses entries out of place', async () => {
  const journal = await open(await write());
  await expect(journal.append(block(4))).rejects.toThrow(/block 4 follows block 2/);
  await expect(journal.append({ type: 'mined', number: 1, hash })).rejects.toThrow(/out of place/);
  await journal.append({ type: 'mined', number: 2, hash });
  await expect(journal.append({ type: 'mined', number: 2, hash })).rejects.toThrow(/out of place/);
  await journal.close();
});
