import { rm } from 'node:fs/promises';
import { NeuroError } from '@neurodata/protocol';
import { type Anvil, type AnvilParameters, startAnvil } from './anvilProcess.ts';
import type { BlockJournal, JournalBlock } from './blockJournal.ts';
import { type MinedBlock, mineBlock, readBlock } from './mineBlock.ts';
import type { StateCopies, StateCopy } from './stateCopies.ts';

export type RestoreParameters = {
  anvil: AnvilParameters;
  journal: BlockJournal;
  copies: StateCopies;
  log: (line: string) => void;
};

/**
 * anvil forgets the hashes that the BLOCKHASH opcode gives (the last 256) when it loads a state, and the states of the
 * blocks before. So a copy serves only more than this many blocks below the head: what is replayed on top fills both again.
 */
export const replayDepth = 256;

class HashMismatch extends Error {
  override readonly name = 'HashMismatch';
  readonly block: JournalBlock;

  constructor(block: JournalBlock, got: string) {
    super(`block ${block.number} should have the hash ${block.hash} but came out as ${got}`);
    this.block = block;
  }
}

async function checkStart(anvil: Anvil, journal: BlockJournal, copy: StateCopy | undefined): Promise<void> {
  const genesis = journal.genesis();
  const first = await readBlock(anvil, 0);
  if (genesis !== undefined && first.hash !== genesis.hash) throw new Error(`the genesis block should have the hash ${genesis.hash} but has ${first.hash}`);
  if (copy === undefined) return;
  const head = await readBlock(anvil, 'latest');
  if (head.number !== copy.number || head.hash !== copy.hash) throw new Error(`the copy of block ${copy.number} loads as block ${head.number}, ${head.hash}`);
}

/** Of the journal's blocks. */
type Part = { after: number; last: number };

async function replay(anvil: Anvil, parameters: RestoreParameters, part: Part): Promise<MinedBlock> {
  const { journal } = parameters;
  let head = await readBlock(anvil, 'latest');
  for await (const block of journal.blocks(part.after)) {
    if (block.number > part.last) break;
    const { hash, ...entry } = block;
    head = await mineBlock({ anvil, entry, submit: true });
    if (head.number !== block.number) throw new Error(`block ${block.number} came out as number ${head.number}`);
    if (hash !== undefined && head.hash !== hash) throw new HashMismatch(block, head.hash);
    if (hash === undefined && block.number === journal.lastNumber()) await journal.append({ type: 'mined', number: head.number, hash: head.hash });
  }
  return head;
}

async function restoreFrom(parameters: RestoreParameters, copy: StateCopy | undefined, last = Infinity): Promise<{ anvil: Anvil; head: MinedBlock }> {
  const loadState = copy === undefined ? undefined : await parameters.copies.unpack(copy);
  if (copy !== undefined && loadState === undefined) throw new Error(`the copy of block ${copy.number} is damaged`);
  const anvil = await startAnvil({ ...parameters.anvil, loadState });
  try {
    if (loadState !== undefined) await rm(loadState, { force: true });
    await checkStart(anvil, parameters.journal, copy);
    return { anvil, head: await replay(anvil, parameters, { after: copy?.number ?? 0, last }) };
  } catch (error) {
    await anvil.kill();
    throw error;
  }
}

function fatal(parameters: RestoreParameters, error: HashMismatch): NeuroError {
  const written = parameters.journal.genesis()?.engine ?? 'unknown';
  return new NeuroError(`The embedded chain cannot be restored: ${error.message}.`, {
    code: 'INTERNAL',
    remedy: `The journal was written with ${written}; run with that version, or move the chain folder away to start a new chain.`,
    cause: error,
  });
}

/** The state after which everything else is to be replayed, made again from the journal. */
async function settledCopy(parameters: RestoreParameters, settledAt: number): Promise<StateCopy> {
  const { anvil, head } = await restoreFrom(parameters, undefined, settledAt);
  try {
    return await parameters.copies.save(anvil, head);
  } finally {
    await anvil.kill();
  }
}

/**
 * Brings up an EVM in the state that the journal describes: from the newest fitting state copy, else an older one, else
 * block by block from genesis, or from where the chain was settled. Every replayed block must have the hash that it had.
 *
 * @throws NeuroError INTERNAL naming the first block that differs when even the whole journal does not reproduce itself.
 */
export async function restoreChain(parameters: RestoreParameters): Promise<{ anvil: Anvil; head: MinedBlock }> {
  const { journal, copies, log } = parameters;
  const settledAt = journal.settledAt();
  const fitting = (await copies.list()).filter(({ number }) => number > (settledAt ?? 0) && journal.lastNumber() - number > replayDepth);
  for (const copy of fitting) {
    try {
      return await restoreFrom(parameters, copy);
    } catch (error) {
      // Also when a replayed transaction read the hash of a block before the copy; an older copy still has its turn.
      log(`chain: going further back than the copy of block ${copy.number}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  try {
    if (settledAt === undefined) return await restoreFrom(parameters, undefined);
    const kept = (await copies.list()).find(({ number }) => number === settledAt);
    if (kept) {
      try {
        return await restoreFrom(parameters, kept);
      } catch (error) {
        if (error instanceof HashMismatch) throw error;
        log(`chain: making the copy of block ${settledAt} again: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return await restoreFrom(parameters, await settledCopy(parameters, settledAt));
  } catch (error) {
    throw error instanceof HashMismatch ? fatal(parameters, error) : error;
  }
}
