import type { TrainResult } from '@neurodata/engine';
import { sha256Hex } from '@neurodata/protocol';
import type { Canary } from '@neurodata/protocol';
import { canaryOf, checkpointRootOf } from '@neurodata/sdk';
import { randomBytes, randomInt } from 'node:crypto';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import type { WorkerSetup } from './setup.ts';

/** Whether a run is to be handed in wrong: drawn by lot, and only where there is a step that can be wrong. */
export function drawsCanary({ canaries }: Pick<WorkerSetup, 'canaries'>, result: TrainResult): boolean {
  return canaries !== undefined && !result.stopped && result.checkpoints.length > 1 && Math.random() < canaries.rate;
}

/**
 * A run that goes wrong at a random step of its first half. The model and all states from there on are noise: the buyer gets its
 * money back, so nothing of use may lie in what is sealed for it.
 */
export function spoilRun(result: TrainResult): TrainResult {
  const fork = randomInt(1, Math.max(2, Math.ceil(result.checkpoints.length / 2)));
  const noise = (bytes: Uint8Array): Uint8Array => new Uint8Array(randomBytes(bytes.length));
  const checkpoints = result.checkpoints.map((checkpoint, index) => {
    if (index < fork) return checkpoint;
    // Of a state that was dropped only the digest is left.
    if (checkpoint.state === undefined) return { ...checkpoint, digest: sha256Hex(noise(new Uint8Array(32))) };
    const state = noise(checkpoint.state);
    return { ...checkpoint, state, digest: sha256Hex(state) };
  });
  const model = noise(result.model);
  return { ...result, model, modelDigest: sha256Hex(model), checkpoints, checkpointRoot: rootOf(checkpoints) };
}

/** Keeps what it takes to own up, then gives the commitment for the chain. */
export async function commitCanary(parameters: { setup: WorkerSetup; jobId: Hex; receiptDigest: Hex; right: TrainResult }): Promise<Hex> {
  const { setup: { canaries }, jobId, receiptDigest, right } = parameters;
  if (!canaries) throw new Error('this worker makes no canaries');
  const canary: Canary = { kind: 'neurodata-canary', jobId, receiptDigest, digests: right.checkpoints.map(({ digest }) => digest), salt: bytesToHex(randomBytes(32)) };
  await canaries.store.save(canary);
  return canaryOf({ jobId, receiptDigest, counterRoot: rootOf(right.checkpoints), salt: canary.salt });
}

function rootOf(checkpoints: TrainResult['checkpoints']): Hex {
  const root = checkpointRootOf(checkpoints.map(({ digest }) => digest));
  if (root === undefined) throw new Error('a run has no checkpoints');
  return root;
}
