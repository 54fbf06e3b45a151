import path from 'node:path';
import { admittedByDefault, defaultSmallestLeaf, profileTable, tableMediaTypes } from '@neurodata/engine';
import { type Category, type DeclaredColumn, type Description, LEAST_ROWS, type ManifestColumn, NeuroError, type StatisticsChoice, type Task, compareColumns, describeColumns, explainPolicy, policyOf } from '@neurodata/protocol';
import { type FolderContent, type NeuroClient, type PublishResult, type PublishSampleResult, folderContent, listingBond, publishAsset, publishSample, publishVersion, versionFee, waitForVersion } from '@neurodata/sdk';
import type { Context } from './context.ts';
import { type CutSample, type SampleOptions, cutSample, sampleText } from './cutSample.ts';
import { type Offer, makeOffers } from './offers.ts';
import { facts, ncr } from './output.ts';
import { expectPublishable } from './personalData.ts';
import { createProgress, megabytes } from './progress.ts';
import { type FolderSource, isFolder, readFolderSource } from './folder/folderSource.ts';
import { type SealedFolder, sealFolder } from './folder/sealFolder.ts';
import { type PublishSource, readSource } from './publishSource.ts';
import { type Findings, findingsText, readFindings } from './tableFindings.ts';
import { confirm } from './prompt.ts';
import { type LimitOptions, limitsOf } from './termsOptions.ts';

export type PublishOptions = LimitOptions & SampleOptions & {
  title: string;
  description: string;
  license: string;
  source?: string;
  category?: Category;
  task?: Task;
  tags?: string[];
  price?: bigint;
  runPrice?: bigint;
  subscriptionPrice?: bigint;
  /** Minutes. */
  period?: number;
  modelShare?: number;
  admit?: string[];
  smallestLeaf?: number;
  /** `--validators-read` or `--no-validators-read`; undefined where neither was given, which is a no. */
  validatorsRead?: boolean;
  /** What `--validators-read` was called before. */
  validatorsMayRead?: boolean;
  /** Everybody may read it. */
  open?: boolean;
  /** Validator ids. */
  committee?: number[];
  threshold?: number;
  asset?: number;
  /** False: none of any column's values is described. */
  statistics?: boolean;
  statisticsDigits?: number;
  leastRows?: number;
  /** Names of columns. */
  topValues?: string[];
  despitePersonalData?: boolean;
  derivedFrom?: { assetId: number; version: number; shareBps: number }[];
  /** Of a folder: the path of the table that is described and trained on. */
  main?: string;
};

export type Published = { published: PublishResult; offers: Offer[]; status: string; findings?: Findings | undefined; sample?: PublishSampleResult; /** Of a folder: how many files it has, how many the version before had, and how many were sent. */ files?: FolderCounts };
export type FolderCounts = { total: number; kept: number; sent: number };

/** Profiles, shows the plan, asks, seals, publishes, waits for the validators and makes the offers. Says where `declared`, the columns as a description has them, and the table differ. */
export async function publishFile(context: Context, file: string, options: PublishOptions, declared: readonly DeclaredColumn[] = []): Promise<Published> {
  const source = (await isFolder(file)) ? await readFolderSource(file, statisticsOf(options), options.main) : await readSource(file, statisticsOf(options));
  if (options.main !== undefined && !('folder' in source)) throw new NeuroError('--main names the main table of a folder, and this is a file.', { code: 'BAD_INPUT', remedy: 'Leave it out.' });
  if (source.table) for (const line of compareColumns(declared, source.table.columns)) context.say(line);
  const columns = [...(source.table?.measured ?? []), ...('folder' in source ? source.folder.others : [])];
  await expectPublishable({ context, columns, hazards: 'folder' in source ? source.folder.hazards : [], despite: options.despitePersonalData ?? false });
  for (const warning of source.warnings) context.say(`Note: ${warning}`);
  const validatorsMayRead = mayRead(options);
  if (options.runPrice !== undefined && !validatorsMayRead) {
    throw new NeuroError('Training runs can be offered only where validators and workers may read the rows.', { code: 'BAD_INPUT', remedy: 'Add --validators-read, or leave --run-price out.' });
  }
  if (options.open && [options.price, options.runPrice, options.subscriptionPrice].some((asked) => asked !== undefined && asked > 0n)) throw new NeuroError('What is open is free.', { code: 'BAD_INPUT', remedy: 'Leave the prices out, or --open.' });
  if (options.runPrice !== undefined && !source.table) throw new NeuroError('Training runs read tables, and this holds none.', { code: 'BAD_INPUT', remedy: 'Leave --run-price out.' });
  // Cut before anything is asked or sent: a sample that is too large is a mistake.
  const sampled = await cutSample({ source, options, personal: columns.some(({ personal = [] }) => personal.length > 0), say: context.say });
  if (options.derivedFrom && options.asset !== undefined) throw new NeuroError('--derived-from is for new assets: the lineage of an asset is fixed when it is published.', { code: 'BAD_INPUT', remedy: 'Leave it or --asset out.' });
  const client = await context.signer();
  context.say(planOf({ file, source, options, sampled, validatorsMayRead, fee: await versionFee(client), bond: options.asset === undefined ? await listingBond(client) : 0n, owner: client.account.address }));
  await confirm('Publish?', context.yes);
  const sealed = 'folder' in source ? await sealFolder({ context, client, source, assetId: options.asset }) : undefined;
  const published = await sealAndRegister({ client, file, source, ...(sealed ? { sealed } : {}), options, validatorsMayRead });
  await sealed?.forget();
  const files = sealed ? { files: { total: sealed.files.length, kept: sealed.kept, sent: sealed.sent } } : {};
  context.say(`Published: asset ${published.assetId} version ${published.version}. Waiting for the validators…`);
  const { assetId, version } = published;
  const status = await waitForVersion({ client, assetId, version });
  const findings = validatorsMayRead ? await readFindings(client, { assetId, version }) : undefined;
  const found = findings && findingsText(findings);
  if (found) context.say(found);
  const offers = await makeOffers({ client, assetId, version, license: options.license, validatorsMayRead, price: options.price, runPrice: options.runPrice, subscriptionPrice: options.subscriptionPrice, periodMinutes: options.period, modelShareBps: options.modelShare, admit: options.admit, smallestLeaf: options.smallestLeaf, say: context.say });
  if (!sampled) return { published, offers, status, findings, ...files };
  const sample = await publishRows({ client, name: 'folder' in source ? (source.folder.main ?? file) : file, options, validatorsMayRead, assetId, sampled }).catch((error: unknown) => {
    // What was asked for is done; nobody asked for the sample.
    if (!sampled.byDefault || !(error instanceof NeuroError)) throw error;
    context.say(`No sample was published: ${error.message}`);
  });
  if (!sample) return { published, offers, status, findings, ...files };
  context.say(`Published: asset ${sample.sampleAssetId}, a free sample of it (listing ${sample.listingId}). Waiting for the validators…`);
  await waitForVersion({ client, assetId: sample.sampleAssetId, version: 1 });
  return { published, offers, status, findings, sample, ...files };
}

type SampleParameters = { client: NeuroClient; /** Of the table's file. */ name: string; options: PublishOptions; validatorsMayRead: boolean; assetId: number; sampled: CutSample };

async function publishRows({ client, name, options, validatorsMayRead, assetId, sampled: { table, choice: { seed } } }: SampleParameters): Promise<PublishSampleResult> {
  const { rows, columns, format } = await profileTable(table.bytes);
  return publishSample({ client, assetId, description: descriptionOf(options), table: table.bytes, mediaType: tableMediaTypes[format], rows, ...(seed === undefined ? {} : { seed }), columns: describeColumns({ rows, columns, choice: statisticsOf(options) }), fileName: path.basename(name), validatorsMayRead });
}

/** How much of the columns' values the options let everybody know. */
function statisticsOf({ statistics = true, statisticsDigits: digits, topValues: topOf, leastRows }: PublishOptions): StatisticsChoice {
  if (!statistics) return { digits: 0 };
  return { ...(digits === undefined ? {} : { digits }), ...(topOf ? { topOf } : {}), ...(leastRows === undefined ? {} : { leastRows }) };
}

/** Whether the licence lets validators read: not unless it says so. Throws where both was said. */
export function mayRead({ validatorsRead, validatorsMayRead = false }: Pick<PublishOptions, 'validatorsMayRead' | 'validatorsRead'>): boolean {
  if (validatorsMayRead && validatorsRead === false) {
    throw new NeuroError('--validators-read and --no-validators-read exclude each other.', { code: 'BAD_INPUT', remedy: 'Give one of them.' });
  }
  return validatorsMayRead || validatorsRead === true;
}

/** What a licence with or without that term means, for those who are about to publish. */
export function readersText(validatorsMayRead: boolean): [string, string][] {
  return [
    ['May read it', validatorsMayRead ? 'buyers; validators, for the length of a round; workers of runs' : 'buyers, and the committee of a content dispute'],
    ['Is checked', validatorsMayRead ? 'key shares, description, ciphertext, content; of a table rows, columns, statistics, likeness to others' : 'key shares, description and ciphertext only, and the page says so; no training runs can be offered (--validators-read allows both)'],
  ];
}

type PlanParameters = { file: string; source: PublishSource | FolderSource; options: PublishOptions; sampled?: CutSample | undefined; validatorsMayRead: boolean; fee: bigint; bond: bigint; owner: string };

/** What will happen, before anybody is asked. */
export function planOf({ file, source, options, sampled, validatorsMayRead, fee, bond, owner }: PlanParameters): string {
  const offers = [options.price === undefined ? undefined : `download ${ncr(options.price)}`, options.runPrice === undefined ? undefined : `training run ${ncr(options.runPrice)}, ${(options.modelShare ?? 0) / 100}% of a model's price`].filter((offer) => offer !== undefined);
  const limits = limitsOf(options);
  return facts([
    'folder' in source ? ['Folder', `${source.folder.name}, ${source.holds}`] : ['File', `${path.basename(file)}, ${megabytes(source.size)}, ${source.holds}`],
    ['Owner', owner],
    ['Becomes public', `title, description, licence${options.source ? ', source' : ''}${options.tags ? ', tags' : ''}; ${'folder' in source ? "each file's path and size" : 'file name and size'}${source.table ? `; row count; each column's name, kind, and numbers of missing and distinct values${describedOf(source.table.columns, options.leastRows)}` : ''}${'folder' in source && source.folder.tables.length > 0 ? `; the same of ${source.folder.tables.length} other ${source.folder.tables.length === 1 ? 'table' : 'tables'}` : ''}`],
    options.open ? ['Becomes public', `${source.table && !('folder' in source) ? 'the rows' : 'the files'} too, for everybody and for ever: the key stands in the manifest`] : ['Stays sealed', source.table && !('folder' in source) ? 'the rows' : 'the files'],
    ['For ever', 'the ciphertext is public and permanent: revoking stops new sales, it deletes nothing'],
    ...readersText(validatorsMayRead),
    ['Limits', limits && explainPolicy(policyOf({ license: options.license, 'nd:limits': limits })).join(' ')],
    ['Offers', offers.join('; ') || 'none for now'],
    ['Runs may use', options.runPrice === undefined ? undefined : `${(options.admit ?? admittedByDefault()).join(', ')}; leaves of trees hold ${options.smallestLeaf ?? defaultSmallestLeaf} rows or more`],
    ['Sample', sampled && sampleText(sampled, bond !== 0n)],
    ['Made from', options.derivedFrom?.map(({ assetId, version: number, shareBps }) => `asset ${assetId} version ${number}, ${shareBps / 100}% of each price to its owner`).join('; ')],
    ['Fee', `${ncr(fee)}: half pays this validation round, half is kept for the first upheld dispute`],
    ['Bond', bond === 0n ? undefined : `${ncr(bond)}, yours again once a curator approves the asset or the review window is over`],
  ]);
}

function describedOf(columns: readonly ManifestColumn[], leastRows = LEAST_ROWS): string {
  const figures = columns.filter(({ statistics }) => statistics && 'step' in statistics).length;
  const values = columns.filter(({ statistics }) => statistics && 'top' in statistics).map(({ name }) => name);
  return `${figures === 0 ? '' : `; of ${figures} ${figures === 1 ? 'column' : 'columns'} range, mean, deviation, quartiles and histogram, rounded, no bucket with fewer than ${Math.max(LEAST_ROWS, leastRows)} rows (--no-statistics leaves them out)`}${values.length === 0 ? '' : `; the commonest values of ${values.join(', ')}`}`;
}

/** What the options say of the asset. */
export function descriptionOf({ title, description, license, tags = [], source, category, task, ...rest }: Pick<PublishOptions, 'title' | 'description' | 'license' | 'tags' | 'source' | 'category' | 'task' | keyof LimitOptions>): Description {
  const limits = limitsOf(rest);
  return { title, description, license, tags, ...(source ? { source } : {}), ...(category ? { category } : {}), ...(task ? { task } : {}), ...(limits ? { limits } : {}) };
}

type SealParameters = { client: NeuroClient; file: string; source: PublishSource | FolderSource; /** Of a folder: its files. */ sealed?: SealedFolder; options: PublishOptions; validatorsMayRead: boolean };

async function sealAndRegister({ client, file, source, sealed, options, validatorsMayRead }: SealParameters): Promise<PublishResult> {
  const description = descriptionOf(options);
  const progress = createProgress('bytes');
  const common = {
    client, ...contentOf(source, sealed, file), description, ...(source.table ? { rows: source.table.rows, columns: source.table.columns } : {}), validatorsMayRead, open: options.open ?? false,
    ...(options.committee ? { committee: options.committee } : {}), ...(options.threshold === undefined ? {} : { threshold: options.threshold }),
    onProgress: ({ stage, done, total }: { stage: string; done: number; total?: number }) => {
      // Storing runs beside sealing and is the one that takes time: one bar for both.
      if (stage === 'storing') progress.update('Sealing and storing', done, Math.max(done, source.size));
      if (stage === 'registering' && done < (total ?? 1)) progress.update('Registering', 0, 1);
    },
  };
  try {
    return options.asset === undefined ? await publishAsset({ ...common, kind: 'dataset', ...(options.derivedFrom ? { parents: options.derivedFrom } : {}) }) : await publishVersion({ ...common, assetId: options.asset });
  } finally {
    progress.stop();
  }
}

function contentOf(source: PublishSource | FolderSource, sealed: SealedFolder | undefined, file: string): Omit<FolderContent, 'folder'> & Partial<Pick<FolderContent, 'folder'>> {
  if ('folder' in source) return folderContent({ name: source.folder.name, files: sealed?.files ?? [], tables: source.folder.tables, ...(source.folder.main === undefined ? {} : { main: source.folder.main }) });
  return { content: source.content, size: source.size, fileName: path.basename(file), mediaType: source.mediaType };
}
