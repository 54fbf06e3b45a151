import { findHazard, tableMediaTypes } from '@neurodata/engine';
import { findStatisticsProblem, mainFileOf, sha256Hex } from '@neurodata/protocol';
import type { Manifest, ManifestColumn } from '@neurodata/protocol';
import type { VersionFacts } from '@neurodata/sdk';
import { zeroHash } from 'viem';
import { readModelInThread } from '../duty/runInThread.ts';
import type { TableFacts } from '../tableCheck/answer.ts';
import { describeSafely } from '../tableCheck/describeSafely.ts';
import { expectFact, refuseIfWrong } from './finding.ts';
import type { CheckContext } from './readContent.ts';

type Parameters = { context: CheckContext; facts: VersionFacts; manifest: Manifest; /** The table, or the model; absent of a folder without a main table. */ plaintext: Uint8Array | undefined; /** The others that the manifest tells of, by path. */ tables?: ReadonlyMap<string, Uint8Array>; /** Keys under which the table's rows are sketched; none by default. */ sketchKeys?: readonly Uint8Array[] };

/**
 * Whether the plaintext is what the manifest describes: rows and columns of the table, and of a folder's others, or the model of the proved job. Gives what was found of the (main) table.
 *
 * @throws Refusal where it is not
 */
export async function checkSchema(parameters: Parameters): Promise<TableFacts | undefined> {
  await checkModel(parameters);
  const table = await checkTable(parameters);
  await checkOthers(parameters);
  return table;
}

async function checkOthers({ context, manifest, tables }: Parameters): Promise<void> {
  for (const { path, mediaType, rows, columns } of manifest['nd:tables'] ?? []) {
    const table = tables?.get(path);
    expectFact(table !== undefined, `The table ${JSON.stringify(path)} is not among the files of the folder.`);
    expectHarmless(await compareTable({ context, path, table, told: { mediaType, rows, columns } }), path);
  }
}

async function checkTable({ context, manifest, plaintext, sketchKeys = [] }: Parameters): Promise<TableFacts | undefined> {
  const { 'nd:rows': rows, 'nd:columns': columns } = manifest;
  const mediaType = mainFileOf(manifest)?.mediaType ?? '';
  if (!isTable(mediaType) && rows === undefined && columns === undefined) return undefined;
  expectFact(plaintext !== undefined, 'The manifest describes a table, and names none of the folder.');
  const facts = await compareTable({ context, table: plaintext, told: { mediaType, rows, columns }, sketchKeys });
  expectHarmless(facts);
  return facts;
}

/** `path`: of a table that is not the main one. */
function expectHarmless({ profile }: TableFacts, path?: string): void {
  const hazard = findHazard(profile.columns);
  expectFact(hazard === undefined, `The table${path === undefined ? '' : ` ${JSON.stringify(path)}`}: ${hazard}`);
}

type Compared = { context: CheckContext; /** Of a table that is not the main one. */ path?: string; table: Uint8Array; told: { mediaType: string; rows: number | undefined; columns: readonly ManifestColumn[] | undefined }; sketchKeys?: readonly Uint8Array[] };

/** Describes a table, and compares it with what the manifest tells of it. */
async function compareTable({ context, path, table, told: { mediaType, rows, columns }, sketchKeys = [] }: Compared): Promise<TableFacts> {
  const { signal, setup: { models } } = context;
  const [name, where] = path === undefined ? ['The table', ''] : [`The table ${JSON.stringify(path)}`, `${JSON.stringify(path)}: `];
  // One at a time, as models: a committee on one machine has one machine's memory.
  const facts = await refuseIfWrong(name, models.lane(() => describeSafely({ table, sketchKeys, streamed: columns?.some(({ estimated }) => estimated) ?? false, timeoutMs: context.timeoutMs, signal }), signal));
  const { profile } = facts;
  const actualType = tableMediaTypes[profile.format];
  expectFact(mediaType === actualType || !Object.values(tableMediaTypes).includes(mediaType), `${where}The manifest says ${mediaType}, the content is ${actualType}.`);
  expectFact(rows === undefined || rows === profile.rows, `${where}The manifest says ${rows} rows, the table has ${profile.rows}.`);
  if (!columns) return facts;
  expectFact(columns.length === profile.columns.length, `${where}The manifest names ${columns.length} columns, the table has ${profile.columns.length}.`);
  for (const [index, actual] of profile.columns.entries()) {
    const said = columns[index];
    for (const field of ['name', 'kind', 'missing', 'distinct'] as const) {
      expectFact(said?.[field] === actual[field], `${where}Column ${index + 1}: the manifest says ${field} ${said?.[field]}, the table has ${actual[field]}.`);
    }
    const problem = said?.statistics && findStatisticsProblem({ said: said.statistics, measured: actual, rows: profile.rows });
    expectFact(problem === undefined, `${where}Column ${index + 1}: the manifest tells ${problem}.`);
  }
  return facts;
}

/** JSON that its publisher does not describe may be anything. */
function isTable(mediaType: string): boolean {
  return mediaType !== tableMediaTypes.json && Object.values(tableMediaTypes).includes(mediaType);
}

async function checkModel({ context, facts, manifest, plaintext }: Parameters): Promise<void> {
  const { client, contracts } = context.setup;
  const said = manifest['nd:model'];
  const lineage = await client.publicClient.readContract({ ...contracts.registry, functionName: 'lineageOf', args: [BigInt(facts.assetId)] });
  // Lineage belongs to the first version; later ones prove theirs by the job that their manifest names.
  const jobId = facts.version === 1 && lineage.jobId !== zeroHash ? lineage.jobId : said?.jobId;
  if (jobId === undefined) return;
  expectFact(said !== undefined && said.jobId.toLowerCase() === jobId.toLowerCase(), `The manifest does not name job ${jobId}, which the chain says made this model.`);
  const job = await client.publicClient.readContract({ ...contracts.training, functionName: 'job', args: [jobId] });
  expectFact(plaintext !== undefined, `The content is not the model of job ${jobId}.`);
  const digest = sha256Hex(plaintext);
  expectFact(digest === job.modelDigest, `The content is not the model of job ${jobId}.`);
  expectFact(said.modelDigest.toLowerCase() === digest, 'The manifest names another model digest than the content has.');
  expectFact(said.receiptDigest.toLowerCase() === job.receiptDigest, `The manifest names another receipt than job ${jobId} has.`);
  const model = await refuseIfWrong('The model', readModelInThread(plaintext, context));
  const { algorithm, target, classes } = said;
  const same = model.algorithm === algorithm && model.target === target && model.classes.join('\n') === classes.join('\n');
  expectFact(same, 'The manifest names another algorithm, target or classes than the model has.');
}
