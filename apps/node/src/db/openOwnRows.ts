import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ModelCheck } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { Duty } from './duties.ts';

/** What a validator must not forget, in a file of its own. */
export type OwnRows = {
  duties: { save(duty: Duty): Promise<void>; find(key: { validatorId: number; roundId: Hex }): Promise<Duty | undefined>; list(validatorId: number): Promise<Hex[]>; remove(key: { validatorId: number; roundId: Hex }): Promise<void> };
  modelChecks: { save(check: ModelCheck): Promise<void>; find(key: { manifestDigest: Hex; validatorId: number }): Promise<ModelCheck | undefined> };
  close(): void;
};

/**
 * Opens the rows of a validator that runs without a gateway. SQLite, which comes with Node: the gateway's database takes
 * 700 MB of memory to answer searches that nobody makes here. A row is on disk when `save` resolves.
 */
export function openOwnRows(file: string): OwnRows {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS duties (validator_id INTEGER NOT NULL, round_id TEXT NOT NULL, stage TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (validator_id, round_id)) STRICT;
    CREATE TABLE IF NOT EXISTS model_checks (manifest_digest TEXT NOT NULL, validator_id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (manifest_digest, validator_id)) STRICT;`);
  return { duties: dutiesOf(db), modelChecks: modelChecksOf(db), close: () => db.close() };
}

/** As in the gateway's database: verdict, evidence and salt that were saved first for a draw stay, since a commitment may be on its way. */
function dutiesOf(db: DatabaseSync): OwnRows['duties'] {
  const save = db.prepare('INSERT INTO duties (validator_id, round_id, stage, body) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET stage = excluded.stage, body = CASE WHEN body ->> \'$.seed\' IS NOT excluded.body ->> \'$.seed\' THEN excluded.body ELSE body END');
  const find = db.prepare('SELECT stage, body FROM duties WHERE validator_id = ? AND round_id = ?');
  const list = db.prepare('SELECT round_id FROM duties WHERE validator_id = ?');
  const remove = db.prepare('DELETE FROM duties WHERE validator_id = ? AND round_id = ?');
  return {
    save: async (duty) => {
      save.run(duty.validatorId, duty.roundId, duty.stage, JSON.stringify(duty));
    },
    find: async ({ validatorId, roundId }) => {
      const row = find.get(validatorId, roundId) as { stage: Duty['stage']; body: string } | undefined;
      return row && { ...(JSON.parse(row.body) as Duty), stage: row.stage };
    },
    list: async (validatorId) => (list.all(validatorId) as { round_id: Hex }[]).map(({ round_id: roundId }) => roundId),
    remove: async ({ validatorId, roundId }) => {
      remove.run(validatorId, roundId);
    },
  };
}

function modelChecksOf(db: DatabaseSync): OwnRows['modelChecks'] {
  const save = db.prepare('INSERT INTO model_checks (manifest_digest, validator_id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const find = db.prepare('SELECT body FROM model_checks WHERE manifest_digest = ? AND validator_id = ?');
  return {
    save: async (check) => {
      save.run(check.body.manifestDigest, check.validatorId, JSON.stringify(check));
    },
    find: async ({ manifestDigest, validatorId }) => {
      const row = find.get(manifestDigest, validatorId) as { body: string } | undefined;
      return row && (JSON.parse(row.body) as ModelCheck);
    },
  };
}
