import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Notice } from '@neurodata/protocol';
import type { Hex } from 'viem';

/** A sketch of a version's rows under one key of this validator. */
export type KeptSketch = { keyId: string; assetId: number; version: number; manifestDigest: Hex; /** Of the version's publication. */ block: bigint; sketch: number[] };

/** What a validator remembers of the tables that it has read, for itself and their owners alone. */
export type TableMemory = {
  /** One version under one key has one sketch, the newest. */
  saveSketch(kept: KeptSketch): void;
  /** Under these keys, of versions of other assets that were published before. */
  listSketches(parameters: { keyId: string; assetId: number; before: bigint }): KeptSketch[];
  /** One version has one notice of ours, the newest. */
  saveNotice(parameters: { assetId: number; notice: Notice }): void;
  listNotices(assetId: number): Notice[];
  close(): void;
};

/** Opens the file in which one validator remembers tables. No gateway shares it: sketches and notices are nobody else's. */
export function openTableMemory(file: string): TableMemory {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS sketches (key_id TEXT NOT NULL, asset_id INTEGER NOT NULL, version INTEGER NOT NULL, manifest_digest TEXT NOT NULL, block INTEGER NOT NULL, sketch BLOB NOT NULL, PRIMARY KEY (key_id, asset_id, version)) STRICT;
    CREATE TABLE IF NOT EXISTS notices (asset_id INTEGER NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (asset_id, version)) STRICT;`);
  chmodSync(file, 0o600);
  const saveSketch = db.prepare('INSERT OR REPLACE INTO sketches (key_id, asset_id, version, manifest_digest, block, sketch) VALUES (?, ?, ?, ?, ?, ?)');
  const listSketches = db.prepare('SELECT asset_id, version, manifest_digest, block, sketch FROM sketches WHERE key_id = ? AND asset_id <> ? AND block < ?');
  const saveNotice = db.prepare('INSERT OR REPLACE INTO notices (asset_id, version, body) VALUES (?, ?, ?)');
  const listNotices = db.prepare('SELECT body FROM notices WHERE asset_id = ? ORDER BY version DESC');
  return {
    saveSketch: ({ keyId, assetId, version, manifestDigest, block, sketch }) => {
      saveSketch.run(keyId, assetId, version, manifestDigest, block, new Uint8Array(Float64Array.from(sketch).buffer));
    },
    listSketches: ({ keyId, assetId, before }) => (listSketches.all(keyId, assetId, before) as SketchRow[]).map((row) => ({
      keyId, assetId: row.asset_id, version: row.version, manifestDigest: row.manifest_digest, block: BigInt(row.block), sketch: [...new Float64Array(Uint8Array.from(row.sketch).buffer)],
    })),
    saveNotice: ({ assetId, notice }) => {
      saveNotice.run(assetId, notice.version, JSON.stringify(notice));
    },
    listNotices: (assetId) => (listNotices.all(assetId) as { body: string }[]).map(({ body }) => JSON.parse(body) as Notice),
    close: () => db.close(),
  };
}

type SketchRow = { asset_id: number; version: number; manifest_digest: Hex; block: number; sketch: Uint8Array };
