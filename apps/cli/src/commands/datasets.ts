import { Argument, Command, Option } from 'commander';
import { type AssetDto, type AssetKind, type AssetSummary, MOST_DIGITS, NeuroError, categories, syntheticRows, tasks } from '@neurodata/protocol';
import { readNotices, readRevocation, readTableCheck } from '@neurodata/sdk';
import { type BuyOptions, buyAsset } from '../buyAsset.ts';
import { type Context, type Result, act } from '../context.ts';
import { type SqlOptions, askTable } from '../askTable.ts';
import { type DownloadOptions, downloadOrder } from '../downloadOrder.ts';
import { leaderboardCommand } from '../leaderboard.ts';
import { type MadeOffer, offerAsset } from '../offers.ts';
import { clean, colours, duration, facts, ncr, short, table, when } from '../output.ts';
import { algorithmNames, countFrom, ids, names, pageSize, parents, period, positiveInteger, price, seedNumber, share } from '../parse.ts';
import { publishFile } from '../publishFile.ts';
import { parseAssetId } from '../resolve.ts';
import { showTerms } from '../showTerms.ts';
import { addLimitOptions, addPurposeOptions } from '../termsOptions.ts';
import { alikeLines, noticesText } from '../tableFindings.ts';
import { amountText, tokenAddress } from '../tokens.ts';
import { type SaidOptions, withDescription } from '../withDescription.ts';
import type { ProfileCommandOptions } from './profile.ts';
import { addTrialCommands } from './trials.ts';

export type ListOptions = { query?: string; limit?: number; cursor?: number; owner?: `0x${string}`; sort?: 'newest' | 'popular' | 'price'; suspended?: boolean };

export function datasetsCommand(): Command {
  const datasets = new Command('datasets');
  addLimitOptions(datasets.command('publish <file>')).description('seal a table (CSV, JSON, NDJSON, Parquet, Arrow), a folder of files, or an archive of images or texts, publish it and offer it')
    .option('--main <path>', 'of a folder: the table that is described, searched and trained on; by default the first one by path')
    .option('--title <text>', 'what it is called')
    .option('--description <text>', 'what it holds')
    .option('--license <spdx>', 'SPDX id or a licence\'s URL, e.g. CC0-1.0')
    .option('--from <file>', 'take title, description, licence, source and tags, as far as they are not given, from a Croissant file, a README.md with front matter, or a dataset-metadata.json of Kaggle')
    .option('--source <text>', 'where it comes from')
    .option('--tags <list>', 'up to 20 words, separated by commas', names)
    .addOption(new Option('--category <word>', 'where people look for it; guessed from its words otherwise').choices(categories)).addOption(new Option('--task <word>', 'what it is mostly used for').choices(tasks))
    .option('--price <ncr>', 'offer downloads at this price', price)
    .option('--run-price <ncr>', 'offer training runs at this price', price)
    .option('--subscription-price <ncr>', 'offer subscriptions at this price for a period', price)
    .option('--period <length>', 'of a subscription, like 30d, 12h or 90m', period, 30 * 24 * 60)
    .option('--model-share <percent>', "your part of a derived model's price, e.g. 5%", share)
    .option('--admit <list>', 'algorithms of training runs; by default all whose models hold no rows (see `neurodata algorithms`)', algorithmNames)
    .option('--smallest-leaf <n>', "fewest rows of a tree's leaf in training runs; 20 by default", positiveInteger)
    .option('--validators-read', 'validators, for the length of a round, and workers of runs may read the rows: they check the content, and runs can be offered')
    .option('--no-validators-read', 'nobody but buyers (and the committee of a dispute) may read the rows; so it is unless chosen otherwise')
    .addOption(new Option('--validators-may-read', 'as --validators-read').hideHelp())
    .option('--open', 'everybody may read the rows, for ever: the key is told; only under an open licence, and free')
    .option('--committee <ids>', 'validators who shall hold the key, separated by commas; by default up to twelve at random', ids)
    .option('--threshold <n>', 'how many of them are needed to grant it; by default two thirds', positiveInteger)
    .option('--asset <n>', 'publish as the next version of this asset', positiveInteger)
    .option('--no-statistics', "tell nothing of the columns' values; otherwise range, mean, deviation and quartiles of numbers become public, rounded")
    .option('--statistics-digits <n>', `how finely, 1 to ${MOST_DIGITS}: 2, the default, is no finer than a hundredth of a column's spread`, countFrom(1, MOST_DIGITS))
    .option('--least-rows <n>', 'fewest rows of a histogram\'s bucket and of a value that is told; 10 by default, and never fewer', positiveInteger)
    .option('--top-values <columns>', 'columns of texts whose commonest values may be public, separated by commas, of other tables of a folder as path:column; none by default', names)
    .option('--despite-personal-data', 'go on where columns look like data about people: e-mail, telephone, cards, bank accounts, national numbers')
    .option('--sample-rows <n>', 'publish the first n rows as a free sample too, to try a purchase on; 20 by default under an open licence', positiveInteger)
    .option('--no-sample', 'publish no sample rows')
    .option('--sample-seed <n>', 'draw them by this seed instead of taking the first', seedNumber)
    .option('--derived-from <asset@version:bps...>', 'what it was made from, and the part of each price that goes there: 3@1:500 gives 5% to the owner of asset 3; up to 4', parents)
    .action(act((context, file: string, options: SaidOptions) => publishDataset(context, file, options)));
  datasets.command('profile <file>').description('describe a table on this machine, of any size: columns, figures, shapes, correlations; nothing leaves it')
    .option('--memory <mib>', 'what DuckDB may use; 1024 by default', positiveInteger)
    .option('--timeout <minutes>', 'how long it may take; 30 by default', positiveInteger)
    .action(act(async (context, file: string, options: ProfileCommandOptions) => (await import('./profile.ts')).profileTableFile(context, file, options)));
  datasets.command('preview <asset>').description('rows drawn from its published statistics: synthetic, none is real')
    .option('--rows <n>', 'how many', countFrom(1, 1_000), 10)
    .option('--seed <n>', 'draws others', seedNumber, 1)
    .action(act(async (context, text: string, { rows, seed }: { rows: number; seed: number }) => previewRows(await context.api.getAsset({ assetId: parseAssetId(text) }), { rows, seed })));
  datasets.command('sql <table> <query>').description('ask one SELECT of a table, which is called data: a file, or the number of a dataset that you bought; nothing of it leaves this machine')
    .option('--asset-version <n>', 'of a dataset: this version; by default the newest that you bought', positiveInteger).option('--file <path>', 'of a folder: this table; by default its main one')
    .addOption(formatOption()).option('-o, --output <file>', 'write the answer here, as its name says; by default the first rows are shown')
    .option('-f, --force', 'replace a file that exists').option('--raw', rawHelp)
    .option('--memory <mib>', 'what DuckDB may use; 1024 by default', positiveInteger).option('--timeout <seconds>', 'how long it may take; 120 by default', positiveInteger)
    .action(act((context, subject: string, query: string, options: SqlOptions) => askTable(context, subject, query, options)));
  datasets.command('offer <asset>').description('offer a published one for downloads, in NCR or another token')
    .requiredOption('--price <amount>', 'in NCR, or in the token')
    .option('--token <address>', 'an ERC-20 that the market allows, instead of NCR', tokenAddress)
    .option('--from-version <n>', 'first covered version; by default the newest', positiveInteger)
    .action(act((context, asset: string, options: MadeOffer) => offerAsset(context, parseAssetId(asset), 'download', options)));
  datasets.command('notices <asset>').description('what validators found in one that you own and tell you alone: columns that look like data about people')
    .option('--asset-version <n>', 'of this version; by default the newest', positiveInteger)
    .action(act(async (context, text: string, { assetVersion }: { assetVersion?: number }) => {
      const assetId = parseAssetId(text);
      const client = await context.signer();
      const version = assetVersion ?? (await context.api.getAsset({ assetId })).latestVersion;
      const notices = await readNotices({ client, assetId, version });
      return { value: notices, text: noticesText(notices) };
    }));
  datasets.command('files <asset>').description('the files of a version, by their paths; nothing is opened')
    .option('--revision <name>', 'main (the newest live version), v3, or the CID of a manifest; main by default')
    .action(act(async (context, asset: string, options: { revision?: string }) => (await import('../folder/listFiles.ts')).listFiles(context, asset, options)));
  datasets.command('diff <asset> <before> <after>').description('how two versions differ: files, columns, rows, statistics; exactly where your account may open both')
    .option('--public', 'only what everybody can see: nothing is opened')
    .action(act(async (context, asset: string, before: string, after: string, options: { public?: boolean }) => (await import('../folder/diffVersions.ts')).diffVersions(context, asset, [before, after], options)));
  listCommand(datasets, 'dataset', 'datasets');
  infoCommand(datasets);
  leaderboardCommand(datasets);
  addTrialCommands(datasets);
  buyCommand(datasets);
  downloadCommand(datasets);
  return datasets;
}

function previewRows({ assetId, columnList, rows: totalRows }: AssetDto, choice: { rows: number; seed: number }): Result {
  if (columnList.length === 0 || totalRows === undefined) throw new NeuroError(`Asset ${assetId} describes no columns.`, { code: 'NOT_FOUND', remedy: 'Look at its page, or ask its publisher for a sample.' });
  const preview = syntheticRows({ columns: columnList, totalRows, ...choice });
  return { value: preview, text: `${colours.yellow(preview.label)}\n\n${table(preview.columns.map((name) => short(name, 24)), preview.rows.map((cells) => cells.map((cell) => (cell === null ? '' : short(String(cell), 24)))), '')}` };
}

/** Publishes a file as the options and the description that they name say. */
export async function publishDataset(context: Context, file: string, said: SaidOptions): Promise<Result> {
  const { options, columns } = await withDescription(said);
  // commander defaults a --no- option to true; only an explicit choice counts.
  const { published, offers, status, findings, sample, files } = await publishFile(context, file, options, columns);
  const { assetId, version, hash, gasUsed, cid, manifestCid } = published;
  const text = facts([['Asset', assetId], ['Version', `${version}, ${status}`], ['Transaction', hash], ['Gas', gasUsed], ['Ciphertext', cid], ['Manifest', manifestCid], ['Files', files && `${files.total}: ${files.kept} as in the version before, ${files.sent} sealed and sent`], ...offers.map(({ kind, listingId, price: amount }): [string, string] => ['Listing', `${listingId}, ${kind}, ${ncr(amount)}`]), ['Sample', sample && `asset ${sample.sampleAssetId}, listing ${sample.listingId}, free`]]);
  return { value: { ...published, status, listings: offers, ...(findings ? { alike: findings.check?.alike ?? [], notices: findings.notices } : {}), ...(sample ? { sampleAssetId: sample.sampleAssetId } : {}), ...(files ? { files } : {}) }, text };
}

export function listCommand(noun: Command, kind: AssetKind, plural: string): void {
  noun.command('list').description(`list ${plural}, newest first`)
    .option('-q, --query <words>', 'search title, description and tags')
    .option('--owner <address>', 'only those of this account')
    .option('--sort <order>', 'newest, popular or price')
    .option('--suspended', 'only those that curators have suspended; lists leave them out otherwise')
    .option('--limit <n>', 'how many', pageSize, 20)
    .option('--cursor <n>', 'where the page before ended', positiveInteger)
    .action(act(async (context, options: ListOptions) => {
      const { query, suspended, ...rest } = options;
      const { items, next } = await context.api.listAssets({ ...rest, kind, ...(query ? { q: query } : {}), ...(suspended ? { curation: 'suspended' as const } : {}) });
      const more = next === undefined ? '' : `\nMore: --cursor ${next}`;
      return { value: { items, next }, text: table(['asset', 'title', 'status', 'rows', 'download', 'run', 'licence'], items.map(rowOf), `There are no ${plural}.`) + more };
    }));
}

function rowOf(asset: AssetSummary): string[] {
  return [String(asset.assetId), short(asset.title, 44), asset.status, asset.rows === undefined ? '' : String(asset.rows), asset.downloadPrice === undefined ? '' : ncr(asset.downloadPrice), asset.computePrice === undefined ? '' : ncr(asset.computePrice), short(asset.license, 16)];
}

export function infoCommand(noun: Command): void {
  noun.command('info <asset>').description('everything about one: versions, columns, listings, lineage')
    .action(act(async (context, text: string) => {
      const asset = await context.api.getAsset({ assetId: parseAssetId(text) });
      return { value: asset, text: await infoOf(context, asset) };
    }));
}

function curationOf({ curation: { status, reason, bond, appeal } }: AssetDto): string {
  const facts_ = [status === 'pending' ? 'not yet reviewed' : status, ...(reason === undefined ? [] : [`"${clean(reason)}"`]), ...(bond === 0n ? [] : [`bond of ${ncr(bond)} held`]), ...(appeal === 'none' ? [] : [`appeal ${appeal}`])];
  return facts_.join(', ');
}

/** What the newest version's committee looked at: without leave to read, the rows are not among it. */
function checkedOf({ kind, versions, latestVersion }: AssetDto): string | undefined {
  const newest = versions.find(({ version }) => version === latestVersion);
  if (kind !== 'dataset' || newest?.round?.settled !== true) return undefined;
  const sealed = 'key shares, description and sealed file';
  return newest.validatorsMayRead ? `${sealed}; content, rows, columns and statistics, likeness to earlier datasets` : `${sealed}; not the content, which validators may not read`;
}

async function alikeOf(context: Context, { assetId, kind, versions, latestVersion }: AssetDto): Promise<[string, string][]> {
  if (kind !== 'dataset' || !versions.some(({ version, validatorsMayRead }) => version === latestVersion && validatorsMayRead)) return [];
  return alikeLines(await readTableCheck({ client: await context.client(), assetId, version: latestVersion })).map((line) => ['Alike', line]);
}

async function infoOf(context: Context, asset: AssetDto): Promise<string> {
  const head = facts([
    ['Asset', `${asset.assetId} (${asset.kind}), ${asset.status}`], ['Title', clean(asset.title)], ['Description', clean(asset.description)], ['Licence', clean(asset.license)],
    ['Source', asset.source === undefined ? undefined : clean(asset.source)], ['Tags', asset.tags.map(clean).join(', ') || undefined], ['Owner', asset.owner], ['Rows', asset.rows], ['Sample', asset.sampleAssetId && `asset ${asset.sampleAssetId}; try it with \`orders test ${asset.assetId}\``],
    ['Checked', checkedOf(asset)], ...(await alikeOf(context, asset)),
    ['Curation', curationOf(asset)],
    ...asset.lineage.map(({ kind, assetId, title, version, shareBps, jobId }): [string, string] =>
      ['From asset', `${assetId} version ${version} (${clean(title)}), ${shareBps / 100}% to its owner; ${kind === 'run' ? `proved by run ${jobId ?? ''}` : 'declared by the publisher'}`]),
    ...(await withdrawnOf(context, asset)),
  ]);
  const columns = asset.columnList.length === 0 ? [] : [table(['column', 'kind', 'missing', 'distinct', 'range', 'mean', 'quartiles or commonest'], asset.columnList.map((column) => [short(column.name, 40), column.kind, String(column.missing), String(column.distinct), ...statisticsCells(column)]), '')];
  const versions = table(['version', 'status', 'published', 'readers', 'ciphertext and keys'], asset.versions.map((version) => [String(version.version), version.status, when(version.at), version.validatorsMayRead ? 'validators too' : 'buyers only', `${version.threshold} of ${version.committee.length} validators`]), 'No versions.');
  const offers = asset.listings.filter(({ retired }) => !retired);
  const prices = await pricesOf(context, offers);
  const listings = table(['listing', 'kind', 'price', 'versions', 'model share'], offers.map((listing, index) => [String(listing.listingId), listing.kind, `${prices[index] ?? ''}${listing.periodMinutes > 0 ? ` per ${duration(listing.periodMinutes * 60)}` : ''}`, `${listing.firstVersion} to ${listing.lastVersion === 0 ? 'newest' : listing.lastVersion}`, listing.kind === 'compute' ? `${listing.modelShareBps / 100}%` : '']), 'Not offered.');
  return [head, ...columns, versions, listings].join('\n\n');
}

/** Versions that are not sold any more: the asset's own that was revoked last, with its owner's reason, and those that it was made from. */
async function withdrawnOf(context: Context, { assetId, versions, lineage }: AssetDto): Promise<[string, string][]> {
  const revoked = versions.filter(({ status }) => status === 'revoked').map(({ version }) => version);
  const last = Math.max(...revoked);
  const found = revoked.length === 0 ? undefined : await readRevocation({ client: await context.client(), assetId, version: last });
  return [
    ...(found ? [['Revoked', `version ${last}${found.reason === undefined ? '' : `: "${clean(found.reason)}"`}`] as [string, string]] : []),
    ...lineage.flatMap(({ assetId: parent, version, withdrawn }): [string, string][] => (withdrawn === undefined ? [] : [['Flagged', `version ${version} of asset ${parent}, which it was made from, is ${withdrawn}`]])),
  ];
}

/** Range, mean with deviation, and quartiles or the commonest values, where the publisher told them. */
function statisticsCells({ statistics }: AssetDto['columnList'][number]): string[] {
  if (!statistics) return ['', '', ''];
  if ('top' in statistics) return ['', '', statistics.top.slice(0, 3).map(({ value, share: part }) => `${short(clean(value), 16)} ${Math.round(part * 100)}%`).join(', ')];
  const { min, max, mean, deviation, quartiles } = statistics;
  return [`${min} to ${max}`, `${mean}${deviation === undefined ? '' : ` ± ${deviation}`}`, quartiles.join(', ')];
}

/** Each in its own token; the chain is asked only where one is not NCR. */
async function pricesOf(context: Context, offers: AssetDto['listings']): Promise<string[]> {
  if (offers.every(({ token }) => token === null)) return offers.map(({ price: amount }) => ncr(amount));
  const client = await context.client();
  return Promise.all(offers.map(({ token, price: amount }) => amountText(client, token, amount)));
}

export function buyCommand(noun: Command): void {
  noun.command('terms <asset>').description('what its licence and its publisher admit, as programs enforce it')
    .option('--asset-version <n>', 'of this version; by default the newest', positiveInteger)
    .action(act((context, asset: string, options: { assetVersion?: number }) => showTerms(context, asset, options)));
  addPurposeOptions(noun.command('buy <asset>')).description('pay into escrow and receive the key')
    .option('--listing <n>', 'this offer; by default the cheapest download', positiveInteger)
    .option('--asset-version <n>', 'this version; by default the newest live one', positiveInteger)
    .option('--token <address>', 'pay in this token; by default in NCR where it is offered so', tokenAddress)
    .option('--max-price <amount>', 'refuse a higher price')
    .option('--no-wait', 'do not wait for the key')
    .action(act((context, asset: string, options: BuyOptions) => buyAsset(context, asset, options)));
}

export function downloadCommand(noun: Command): void {
  noun.command('download').description('fetch, unseal and check what was bought; can be repeated for ever')
    .addArgument(new Argument('[order]', 'id of the order, or its beginning; or the number of an asset that the account bought'))
    .option('--asset <n>', "the account's newest order of this asset", positiveInteger)
    .option('--asset-version <n>', 'with --asset: of this version', positiveInteger)
    .option('-o, --out <file>', 'where to write, of a folder the folder; by default the publisher\'s name for it')
    .option('--file <path>', 'of a folder: only this one')
    .option('-f, --force', 'replace a file that exists')
    .option('--safe-csv', 'of CSV: write a second file beside it, in which no cell is a formula to a spreadsheet')
    .option('--columns <list>', 'of a table: these columns only, separated by commas', names)
    .option('--where <condition>', 'of a table: only the rows of which this SQL condition holds, like "mass > 4000"')
    .addOption(formatOption()).option('--raw', rawHelp)
    .action(act((context, order: string | undefined, options: DownloadOptions) => downloadOrder(context, order, options)));
}

const rawHelp = 'CSV as the values are; by default an apostrophe stands before cells that a spreadsheet would run as formulas';
const formatOption = (): Option => new Option('--format <name>', 'of a table: write it as this').choices(['csv', 'parquet', 'arrow', 'json']);
