import type { Likeness } from '@neurodata/protocol';
import { signTableCheck } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import type { Identity } from '@neurodata/sealing';
import { hkdfSync } from 'node:crypto';
import type { TableFacts } from '../tableCheck/answer.ts';
import { sharedPart } from '../tableCheck/sharedPart.ts';
import type { CheckContext } from './readContent.ts';
import type { ValidatorSetup } from './setup.ts';

/** A version is called like another one where that one has this part of its rows, or more. */
const LEAST_PART = 0.5;
/** Steps in which a part is told: finer ones would tell no more than chance does, and more of single rows. */
const STEPS = 20;
const MOST_ALIKE = 20;

/** Keys under which rows are sketched, the newest first: one for each identity, so that sketches from before a rotation can still be compared. */
export function sketchKeysOf({ identity, retired }: Pick<ValidatorSetup, 'identity' | 'retired'>): Uint8Array[] {
  return [identity, ...retired].map((one) => derive(one, 'neurodata/row-sketch/v1', 32));
}

function derive({ secretKey }: Identity, info: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, new Uint8Array(), info, length));
}

/**
 * Remembers a table that was read, says whether earlier ones have its rows, and keeps for its owner what looks like data about people. A version is not
 * judged by any of that: another validator has read other tables.
 */
export async function noteTable(parameters: { context: CheckContext; facts: VersionFacts; table: TableFacts }): Promise<void> {
  const { context: { setup }, facts, table } = parameters;
  const { client, validatorId, tables: { memory, tell }, log } = setup;
  const { assetId, version, manifestDigest, block } = facts;
  const { compared, alike } = compareWithOthers(setup, facts, table);
  const [sketch] = table.sketches;
  if (sketch) memory.saveSketch({ keyId: keyIdOf(setup.identity), assetId, version, manifestDigest, block, sketch });
  const at = Math.floor(Date.now() / 1000);
  const personal = table.profile.columns.flatMap(({ name, personal: found = [] }) => found.map(({ kind, values }) => ({ column: name, kind, values })));
  if (personal.length > 0) memory.saveNotice({ assetId, notice: { at, version, personal: personal.slice(0, 1_000) } });
  await tell(await signTableCheck({ client, validatorId, body: { version: 1, manifestDigest, checkedAt: at, compared, alike } }));
  if (alike.length > 0) log.warn({ assetId, version, alike: alike.map((one) => `${one.assetId}@${one.version} ${one.part}`) }, 'a table has rows of earlier ones');
}

function keyIdOf(identity: Identity): string {
  return Buffer.from(derive(identity, 'neurodata/row-sketch-id/v1', 16)).toString('hex');
}

function compareWithOthers({ identity, retired, tables: { memory } }: ValidatorSetup, { assetId, block }: VersionFacts, { sketches }: TableFacts): { compared: number; alike: Likeness[] } {
  const others = [identity, ...retired].flatMap((one, index) => memory.listSketches({ keyId: keyIdOf(one), assetId, before: block }).map((kept) => ({ ...kept, part: sharedPart(sketches[index] ?? [], kept.sketch) })));
  const known = new Map(others.map((other) => [`${other.assetId}@${other.version}`, other]));
  const alike = [...known.values()].flatMap(({ assetId: other, version, manifestDigest, part }) => (part !== undefined && part >= LEAST_PART ? [{ assetId: other, version, manifestDigest, part: Math.round(part * STEPS) / STEPS }] : []));
  return { compared: known.size, alike: alike.sort((a, b) => b.part - a.part || a.assetId - b.assetId).slice(0, MOST_ALIKE) };
}
