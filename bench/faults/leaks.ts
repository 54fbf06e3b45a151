import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { combineOpening, openKeysetShare } from '@neurodata/sealing';
import type { Identity, Keyset, Share } from '@neurodata/sealing';
import { keysetBinding, readKeyset, readVersion } from '@neurodata/sdk';
import { bytesToHex, hexToBytes } from 'viem';
import { readIdentities } from '../../apps/node/src/identityFile.ts';
import { secretMark } from './shop.ts';
import type { Ware } from './shop.ts';

export type LeakParameters = { folder: string; seed: number; wares: Ware[]; threshold: number; /** Node names. */ validators: string[]; colluders: string[] };

/**
 * What must not be found: colluders below the threshold open no key; and no file of any node holds a row, a key secret or an
 * unsealed share, raw, in hex or in base64.
 */
export async function judgeKeys({ folder, seed, wares, threshold, validators, colluders }: LeakParameters): Promise<{ leaked: number; searched: number; notes: string[] }> {
  const notes: string[] = [];
  const needles: { what: string; bytes: Buffer }[] = [];
  for (const [asset, ware] of wares.entries()) {
    needles.push({ what: `a row of asset ${ware.assetId}`, bytes: Buffer.from(secretMark(seed, asset)) });
    for (const version of ware.versions.keys()) {
      const shares = await openShares({ ware, version, folder, validators });
      const points = shares.keyset.commitments.map((point) => hexToBytes(point));
      const few = colluders.map((name) => shares.byName.get(name)!);
      if (few.length >= threshold) throw new Error('the colluders are as many as the threshold');
      for (const attempt of [few, [...few, few[0]!], [...few, { ...few[0]!, index: 99 }]]) {
        if (opens(attempt, points)) notes.push(`keysLeaked: ${few.length} colluders open version ${version} of asset ${ware.assetId}`);
      }
      const { secret } = combineOpening([...shares.byName.values()].slice(0, threshold), points);
      needles.push(...forms(`the key secret of asset ${ware.assetId} version ${version}`, secret));
      for (const [name, share] of shares.byName) needles.push(...forms(`the share of ${name} of asset ${ware.assetId} version ${version}`, share.value));
    }
  }
  let searched = 0;
  for await (const file of filesIn(folder)) {
    searched += await search(file, needles, (what) => notes.push(`keysLeaked: ${path.relative(folder, file)} holds ${what}`));
  }
  return { leaked: notes.length, searched, notes };
}

async function openShares({ ware, version, folder, validators }: { ware: Ware; version: number; folder: string; validators: string[] }): Promise<{ keyset: Keyset; byName: Map<string, Share> }> {
  const { client } = ware.owner;
  const facts = await readVersion({ client, assetId: ware.assetId, version });
  const { keyset } = await readKeyset({ client, facts, epoch: 0 });
  if (keyset.version !== 1) throw new Error('the first epoch has another kind of keyset');
  const binding = keysetBinding({ config: client.config, publisher: client.account!.address });
  const byName = new Map<string, Share>();
  for (const name of validators) {
    const identities = await readIdentities(path.join(folder, name, 'validator.identity'));
    const found = memberOf(keyset, identities);
    if (found) byName.set(name, await openKeysetShare({ keyset, validatorId: found.validatorId, identity: found.identity, binding }));
  }
  return { keyset, byName };
}

function memberOf(keyset: Keyset, identities: Identity[]): { validatorId: number; identity: Identity } | undefined {
  for (const identity of identities) {
    const member = keyset.members.find(({ recipient }) => recipient === bytesToHex(identity.publicKey));
    if (member) return { validatorId: member.validatorId, identity };
  }
  return undefined;
}

function opens(shares: Share[], points: Uint8Array[]): boolean {
  try {
    combineOpening(shares, points);
    return true;
  } catch {
    return false;
  }
}

function forms(what: string, secret: Uint8Array): { what: string; bytes: Buffer }[] {
  const raw = Buffer.from(secret);
  return [raw, Buffer.from(raw.toString('hex')), Buffer.from(raw.toString('base64').replace(/=+$/, ''))].map((bytes) => ({ what, bytes }));
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(file);
    else if (entry.isFile()) yield file;
  }
}

/** Looks through a file byte by byte; returns its length. */
async function search(file: string, needles: { what: string; bytes: Buffer }[], found: (what: string) => void): Promise<number> {
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length)) - 1;
  const seen = new Set<string>();
  let tail = Buffer.alloc(0);
  let length = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 4 << 20 }) as AsyncIterable<Buffer>) {
    length += piece.length;
    const window = Buffer.concat([tail, piece]);
    for (const { what, bytes } of needles) {
      if (!seen.has(what) && window.includes(bytes)) {
        seen.add(what);
        found(what);
      }
    }
    tail = window.subarray(Math.max(0, window.length - overlap));
  }
  return length;
}
