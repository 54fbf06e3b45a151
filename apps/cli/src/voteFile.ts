import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { type SecretVote, type VoteStore, readVoteFile, writeVoteFile } from '@neurodata/sdk';
import type { Address } from 'viem';
import { readIfThere, writeAtomic } from './atomicFile.ts';
import { locked } from './lockedFile.ts';

/** Where an account's secret votes lie, beside its keys. */
export function voteFilePath(home: string, address: Address): string {
  return path.join(home, 'keys', `${address.toLowerCase()}.votes.json`);
}

/**
 * A juror's votes in one file, readable by its owner only. `put` resolves when the vote would survive a crash; two processes
 * never overwrite each other's. Throws `NO_KEY` where the file is damaged: it is never replaced.
 */
export function voteFile(home: string, address: Address): VoteStore {
  const file = voteFilePath(home, address);
  return {
    put: (vote) => locked(file, async () => {
      await writeAtomic(file, writeVoteFile({ address, votes: [...(await readVotes(file)), vote] }), 0o600);
    }),
    list: () => readVotes(file),
  };
}

async function readVotes(file: string): Promise<SecretVote[]> {
  const text = await readIfThere(file);
  if (text === undefined) return [];
  try {
    return readVoteFile(text);
  } catch (cause) {
    throw new NeuroError(`The vote file ${file} is damaged.`, { code: 'NO_KEY', remedy: 'Put a copy back, or move it away: without it, votes that were committed cannot be revealed.', cause });
  }
}
