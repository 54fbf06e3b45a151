import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { NeuroError } from '@neurodata/protocol';
import type { Hex } from 'viem';

/** The chain's birth certificate: everything that the genesis block follows from, and its hash. */
export type GenesisEntry = { type: 'genesis'; chainId: number; timestamp: number; accounts: number; engine: string; hash: Hex };
/** The intent to make a block, on disk before the block is made. Transactions are raw, in the order of execution. */
export type BlockEntry = { type: 'block'; number: number; timestamp: number; gasLimit: number; transactions: Hex[] };
/** What came of it. Not flushed by itself: it can always be computed again. */
export type MinedEntry = { type: 'mined'; number: number; hash: Hex };
/** After this block the EVM was loaded anew from its own state (see `DevChain.settle`): whatever follows depends on that. */
export type SettledEntry = { type: 'settled'; number: number };
export type JournalEntry = GenesisEntry | BlockEntry | MinedEntry | SettledEntry;

/** A journalled block with the hash that it had, if that was written down. */
export type JournalBlock = BlockEntry & { hash: Hex | undefined };

export type BlockJournal = {
  genesis: () => GenesisEntry | undefined;
  /** Number of the last block that was intended; 0 when there is none. */
  lastNumber: () => number;
  /** The block after which the EVM was loaded anew, if it was. */
  settledAt: () => number | undefined;
  /** Adds one line; with `durable`, resolves when it is on disk. After a failure the file is as it was before. */
  append: (entry: JournalEntry, options?: { durable: boolean }) => Promise<void>;
  /** The blocks above `after`, in order, up to what was appended when this was called. */
  blocks: (after: number) => AsyncGenerator<JournalBlock>;
  close: () => Promise<void>;
};

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, 16);
}

function encodeLine(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${json.slice(0, -1)},"sum":"${checksum(json)}"}\n`;
}

const tail = /,"sum":"([0-9a-f]{16})"\}$/;

function decodeLine(line: string): JournalEntry | undefined {
  const match = tail.exec(line);
  if (match === null) return undefined;
  const json = `${line.slice(0, match.index)}}`;
  return checksum(json) === match[1] ? (JSON.parse(json) as JournalEntry) : undefined;
}

type Scan = { goodBytes: number; genesis: GenesisEntry | undefined; lastNumber: number; lastMined: number; settledAt: number | undefined };

function corrupt(file: string, line: number, what: string): NeuroError {
  return new NeuroError(`The chain journal ${file} is damaged at line ${line}: ${what}.`, {
    code: 'INTERNAL', remedy: 'Restore the file from a backup, or move the folder away to start a new chain.',
  });
}

function follow(scan: Scan, entry: JournalEntry): string | undefined {
  if (scan.genesis === undefined) {
    if (entry.type !== 'genesis') return 'the genesis entry is missing';
    scan.genesis = entry;
  } else if (entry.type === 'genesis') return 'there is a second genesis entry';
  else if (entry.type === 'block') {
    if (entry.number !== scan.lastNumber + 1) return `block ${entry.number} follows block ${scan.lastNumber}`;
    scan.lastNumber = entry.number;
  } else if (entry.type === 'settled') {
    if (entry.number !== scan.lastMined || scan.settledAt !== undefined) return `the mark after block ${entry.number} is out of place`;
    scan.settledAt = entry.number;
  } else {
    if (entry.number !== scan.lastNumber || entry.number === scan.lastMined) return `the hash of block ${entry.number} is out of place`;
    scan.lastMined = entry.number;
  }
  return undefined;
}

/** Reads the whole file once. A torn end is left out of `goodBytes`; damage before good lines is an error. */
async function scanJournal(file: string): Promise<Scan> {
  const scan: Scan = { goodBytes: 0, genesis: undefined, lastNumber: 0, lastMined: 0, settledAt: undefined };
  const { size } = await stat(file);
  let lineNumber = 0;
  let position = 0;
  let torn: number | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    lineNumber += 1;
    position += Buffer.byteLength(line) + 1;
    const entry = position <= size ? decodeLine(line) : undefined;
    if (entry === undefined) {
      torn ??= lineNumber;
      continue;
    }
    if (torn !== undefined) throw corrupt(file, torn, 'it cannot be read, and good lines follow it');
    const wrong = follow(scan, entry);
    if (wrong !== undefined) throw corrupt(file, lineNumber, wrong);
    scan.goodBytes = position;
  }
  return scan;
}

async function* readBlocks(file: string, after: number, end: number): AsyncGenerator<JournalBlock> {
  if (end === 0) return;
  let open_: BlockEntry | undefined;
  for await (const line of createInterface({ input: createReadStream(file, { end: end - 1 }), crlfDelay: Infinity })) {
    const entry = decodeLine(line);
    if (entry?.type === 'block') {
      if (open_ !== undefined) yield { ...open_, hash: undefined };
      open_ = entry.number > after ? entry : undefined;
    } else if (entry?.type === 'mined' && open_ !== undefined) {
      yield { ...open_, hash: entry.hash };
      open_ = undefined;
    }
  }
  if (open_ !== undefined) yield { ...open_, hash: undefined };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/**
 * Opens (or creates) the append-only journal of the embedded chain: NDJSON, every line ending in `sum`, the first 16 hex
 * digits of the sha256 of the line without it. A torn last line, which nobody was told of, is cut off.
 *
 * @throws NeuroError INTERNAL, naming the line, when the file is damaged before its end.
 */
export async function openBlockJournal(parameters: { file: string; log: (line: string) => void }): Promise<BlockJournal> {
  const { file, log } = parameters;
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a+');
  await syncFolder(path.dirname(file));
  const scan = await scanJournal(file).catch(async (error: unknown) => { await handle.close(); throw error; });
  let { size } = await handle.stat();
  if (size > scan.goodBytes) {
    log(`chain journal: cut a torn end of ${size - scan.goodBytes} bytes after block ${scan.lastNumber}`);
    await handle.truncate(scan.goodBytes);
    await handle.sync();
    size = scan.goodBytes;
  }
  let last: Promise<unknown> = Promise.resolve();
  const write = async (entry: JournalEntry, durable: boolean): Promise<void> => {
    const wrong = follow({ ...scan }, entry);
    if (wrong !== undefined) throw new NeuroError(`The chain journal refuses an entry: ${wrong}.`, { code: 'INTERNAL' });
    const line = Buffer.from(encodeLine(entry));
    try {
      await handle.appendFile(line);
      if (durable) await handle.datasync();
    } catch (cause) {
      await handle.truncate(size);
      throw new NeuroError(`The chain journal ${file} cannot be written.`, { code: 'INTERNAL', remedy: 'Check the free space of the disk.', cause });
    }
    size += line.length;
    follow(scan, entry);
  };
  return {
    genesis: () => scan.genesis,
    lastNumber: () => scan.lastNumber,
    settledAt: () => scan.settledAt,
    append: (entry, options = { durable: false }) => {
      const done = last.then(() => write(entry, options.durable));
      last = done.catch(() => undefined);
      return done;
    },
    blocks: async function* blocks(after) {
      await last;
      yield* readBlocks(file, after, size);
    },
    close: async () => { await last; await handle.close(); },
  };
}
