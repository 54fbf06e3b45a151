import { type AssetSummary, type SearchHit, searchQuerySchema, searchSorts } from '@neurodata/protocol';
import { NeuroError } from '@neurodata/protocol';
import { Argument, Command, Option } from 'commander';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { clean, ncr, short, shortId, table, when } from '../output.ts';
import { positiveInteger } from '../parse.ts';

const asset = (): Argument => new Argument('<asset>', 'its number').argParser(positiveInteger);
const filters = ['kind', 'category', 'license', 'price', 'size', 'rows', 'task', 'quality', 'verified', 'tag'] as const;

/** Finding assets, and the lists that a signed-in user keeps of them. */
export function addDiscovery(assets: Command): void {
  const search = assets.command('search').description('find datasets and models by words in title, tags, columns, publisher and description').argument('[words...]', 'all of which have to be there')
    .addOption(new Option('--sort <order>', 'which first').choices(searchSorts));
  for (const name of filters) search.option(`--${name} <values>`, `only with one of these (with commas between)`);
  search.option('--publisher <address>', 'only of this account').option('--limit <n>', 'how many', positiveInteger, 20).option('--cursor <text>', 'where the page before ended')
    .option('--facets', 'say how many there are of each kind, category, licence and so on').action(act(find));
  assets.command('similar').description('datasets and models like this one').addArgument(asset()).action(act(async (context, assetId: number) => {
    const { items } = await context.api.listSimilar({ assetId, limit: 10 });
    return { value: { items }, text: table(['asset', 'title', 'likeness'], items.map((item) => [...named(item.asset), item.score.toFixed(2)]), 'Nothing is like it.') };
  }));
  assets.command('recommended').description('what may interest an account, and why').argument('[account]', 'its address, or the name of a demo account (default: who is signed in)').action(act(recommended));
  addLists(assets);
}

async function find(context: Context, words: string[], options: Record<string, unknown>): Promise<Result> {
  const { facets, limit, ...rest } = options;
  const query = searchQuerySchema.safeParse({ ...rest, limit, ...(words.length > 0 ? { q: words.join(' ') } : {}), ...(facets ? { facets: 'true' } : {}) });
  if (!query.success) throw new NeuroError('This search is not understood.', { code: 'BAD_INPUT', details: query.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '), remedy: 'See `neurodata assets search --help`.' });
  const found = await context.api.searchAssets(query.data);
  const lines = [
    ...found.corrections.map(({ typed, used }) => `Nothing has "${clean(typed)}"; these have "${clean(used)}".`),
    table(['asset', 'kind', 'title', 'category', 'rows', 'download', 'quality'], found.items.map(rowOf), 'Nothing matches.'),
    `${found.total.relation === 'atLeast' ? 'At least ' : ''}${found.total.count} found.${found.next ? ` More: --cursor ${found.next}` : ''}`,
    ...Object.entries(found.facets?.counts ?? {}).filter(([, values]) => values.length > 0).map(([name, values]) => `${name}: ${values.map(({ value, count }) => `${clean(value)} ${count}${found.facets?.estimated ? '+' : ''}`).join(', ')}`),
  ];
  return { value: found, text: lines.join('\n') };
}

function rowOf(hit: SearchHit): string[] {
  return [String(hit.assetId), hit.kind, short(hit.title, 44), hit.category, hit.rows === undefined ? '' : String(hit.rows), hit.downloadPrice === undefined ? '' : ncr(hit.downloadPrice), String(hit.quality)];
}

const named = ({ assetId, title }: AssetSummary): [string, string] => [String(assetId), short(title, 44)];

async function recommended(context: Context, who: string | undefined): Promise<Result> {
  const { items } = who === undefined ? await context.api.recommendForUser({}) : await context.api.recommendForAccount({ address: await accountNamed(context, who) });
  const words = { bought: 'bought', ran: 'trained on', favourite: 'liked', trending: '' } as const;
  const why = ({ because, title }: (typeof items)[number]['reason']): string => (because === 'trending' ? 'many use it now' : `because you ${words[because]} ${short(title ?? '', 40)}`);
  return { value: { items }, text: table(['asset', 'title', 'why'], items.map(({ asset: found, reason }) => [...named(found), why(reason)]), 'There is nothing to recommend.') };
}

function addLists(assets: Command): void {
  const favourites = assets.command('favourites').description('what you like; signed in (`neurodata auth login`)');
  favourites.command('list').description('the newest first').action(act(async (context) => {
    const { items } = await context.api.listFavourites();
    return { value: { items }, text: table(['asset', 'title', 'since'], items.map((item) => [...named(item.asset), when(item.at)]), 'There are no favourites.') };
  }));
  favourites.command('add').description('add one').addArgument(asset()).action(act(async (context, assetId: number) => ({ value: await context.api.addFavourite({ assetId }), text: `Asset ${assetId} is a favourite.` })));
  favourites.command('remove').description('remove one').addArgument(asset()).action(act(async (context, assetId: number) => ({ value: await context.api.removeFavourite({ assetId }), text: `Asset ${assetId} is no favourite any more.` })));
  const watched = assets.command('watched').description('whose new versions and lower prices you are told of; signed in');
  watched.command('list').description('the newest first').action(act(async (context) => {
    const { items } = await context.api.listWatched();
    return { value: { items }, text: table(['asset', 'title', 'since'], items.map((item) => [...named(item.asset), when(item.at)]), 'Nothing is watched.') };
  }));
  watched.command('add').description('watch one').addArgument(asset()).action(act(async (context, assetId: number) => ({ value: await context.api.addWatch({ assetId }), text: `Asset ${assetId} is watched.` })));
  watched.command('remove').description('stop watching one').addArgument(asset()).action(act(async (context, assetId: number) => ({ value: await context.api.removeWatch({ assetId }), text: `Asset ${assetId} is not watched any more.` })));
  const searches = assets.command('searches').description('searches that you keep, and what was found for them; signed in');
  searches.command('list').description('the newest first').action(act(async (context) => {
    const { items } = await context.api.listSavedSearches();
    return { value: { items }, text: table(['search', 'name', 'what', 'alerts'], items.map((item) => [item.searchId, short(item.name, 30), short(item.query, 50), item.alerts ? 'yes' : 'no']), 'There are no saved searches.') };
  }));
  searches.command('save').description('keep a search').argument('<name>', 'how you call it').argument('<query>', 'as in a search\'s address, e.g. "q=birds&kind=dataset"').option('--alerts', 'tell of new assets that fit')
    .action(act(async (context, name: string, query: string, options: { alerts?: boolean }) => {
      const saved = await context.api.saveSearch({ name, query, alerts: options.alerts ?? false });
      return { value: saved, text: `Saved as ${saved.searchId}.` };
    }));
  searches.command('delete').description('forget one').argument('<search>', 'its id').action(act(async (context, searchId: string) => ({ value: await context.api.deleteSavedSearch({ searchId }), text: `Search ${shortId(searchId)} is gone.` })));
  searches.command('alerts').description('what saved searches and the watch list found').action(act(async (context) => {
    const { items } = await context.api.listAlerts();
    return { value: { items }, text: table(['when', 'asset', 'what'], items.map(({ at, assetId, text }) => [when(at), String(assetId), clean(text)]), 'Nothing was found yet.') };
  }));
}
