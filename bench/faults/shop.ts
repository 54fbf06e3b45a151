import { admittedByDefault } from '@neurodata/engine';
import { parseNcr } from '@neurodata/protocol';
import type { JobSpec, Terms } from '@neurodata/protocol';
import { createListing, offerTrials, publishAsset, publishVersion, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { describeCsv, streamOf } from '../../e2e/csv.ts';
import { createRandomNumbers } from '../engine/randomNumbers.ts';
import type { Person } from './people.ts';

export const downloadPrice = parseNcr('25');
export const runPrice = parseNcr('2');
export const trialFee = parseNcr('3');
const TRIALS_EACH = 1_000;
const LIVE_MS = 240_000;

/** A dataset on sale, and what each of its versions holds. */
export type Ware = { owner: Person; assetId: number; download: number; compute: number; versions: Map<number, Uint8Array> };

/** In every row of every table: what no node may keep. */
export const secretMark = (seed: number, asset: number): string => `sealed-${seed}-${asset}-`;

const encoder = new TextEncoder();
const terms = (kind: Terms['kind']): Terms => ({ version: 1, kind, license: 'CC0-1.0', validatorsMayRead: true, algorithms: kind === 'compute' ? admittedByDefault() : [], modelShareBps: 0 });

/** A table whose rows carry a mark, another for each version. */
export function makeTable(parameters: { seed: number; asset: number; version: number; rows?: number }): Uint8Array {
  const { seed, asset, version, rows = 200 } = parameters;
  const { uniform, normal } = createRandomNumbers(seed * 1_009 + asset * 31 + version);
  const lines = Array.from({ length: rows }, (_, row) => {
    const [a, b] = [normal(), normal()];
    return `${secretMark(seed, asset)}${version}-${row},${a.toFixed(4)},${b.toFixed(4)},${uniform().toFixed(4)},${a + b > 0 ? 'yes' : 'no'}`;
  });
  return encoder.encode(`mark,a,b,c,y\n${lines.join('\n')}\n`);
}

/** What every run of a campaign trains: some dozens of steps. */
export const training: JobSpec['train'] = {
  algorithm: 'logistic-regression', target: 'y', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: ['a', 'b', 'c'].map((name) => ({ name, kind: 'numeric' as const })), split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { C: 1, max_iter: 100, tol: 1e-6 }, limits: { maxSteps: 1_000, maxBytes: 100_000_000 },
};

type Sealed = Parameters<typeof publishVersion>[0];

function content(client: NeuroClient, bytes: Uint8Array, threshold: number): Omit<Sealed, 'assetId' | 'description'> {
  return { client, content: () => streamOf(bytes), fileName: 'rows.csv', mediaType: 'text/csv', validatorsMayRead: true, threshold, ...describeCsv(bytes) };
}

const description = (asset: number): Sealed['description'] => ({ title: `Rows ${asset}`, description: 'Rows of a campaign.', license: 'CC0-1.0', tags: [] });

/** Seals a table under `threshold` of all validators' shares, offers it for download, for runs and for trial runs, and waits until it is live. */
export async function openShop(parameters: { owner: Person; seed: number; asset: number; threshold: number }): Promise<Ware> {
  const { owner, seed, asset, threshold } = parameters;
  const { client } = owner;
  const bytes = makeTable({ seed, asset, version: 1 });
  const { assetId } = await publishAsset({ ...content(client, bytes, threshold), kind: 'dataset', description: description(asset) });
  const { listingId: download } = await createListing({ client, assetId, firstVersion: 1, kind: 'download', price: downloadPrice, terms: terms('download') });
  const { listingId: compute } = await createListing({ client, assetId, firstVersion: 1, kind: 'compute', price: runPrice, terms: terms('compute') });
  await waitForVersion({ client, assetId, version: 1, status: 'live', timeoutMs: LIVE_MS });
  await offerTrials({ client, listingId: compute, fee: trialFee, cap: TRIALS_EACH });
  return { owner, assetId, download, compute, versions: new Map([[1, bytes]]) };
}

/** Publishes the next version of a ware. */
export async function addVersion(parameters: { ware: Ware; seed: number; asset: number; version: number; threshold: number }): Promise<{ version: number; bytes: Uint8Array }> {
  const { ware, seed, asset, version, threshold } = parameters;
  const bytes = makeTable({ seed, asset, version });
  const published = await publishVersion({ ...content(ware.owner.client, bytes, threshold), description: description(asset), assetId: ware.assetId });
  return { version: published.version, bytes };
}
