import type { AssetSummary } from '@neurodata/protocol';
import { checkCurator } from '../../discovery/index.ts';
import type { Database } from '../../db/openDatabase.ts';
import { countedPage } from '../reads/pages.ts';
import { readHits, readSummaries, titlesOf } from '../reads/summaries.ts';
import { present } from '../reads/present.ts';
import type { Handler, HandlerContext } from './Handler.ts';

const done = { done: true } as const;

/** Entries with their assets' summaries; those of assets that are gone or hidden are left out. */
async function withAssets<T extends { assetId: number }>(db: Database, entries: readonly T[]): Promise<(Omit<T, 'assetId'> & { asset: AssetSummary })[]> {
  const summaries = new Map((await readSummaries(db, entries.map(({ assetId }) => assetId))).map((summary) => [summary.assetId, summary]));
  return entries.flatMap(({ assetId, ...entry }) => {
    const asset = summaries.get(assetId);
    return asset && asset.curation.status !== 'suspended' ? [{ ...entry, asset }] : [];
  });
}

export const searchAssets: Handler<'searchAssets'> = async ({ db, discovery }, { query }) => {
  const { assetIds, ...found } = await discovery.search(query);
  return { ...found, items: await readHits(db, assetIds) };
};

export const suggestAssets: Handler<'suggestAssets'> = async ({ discovery }, { query }) => discovery.suggest(query);
export const listCategories: Handler<'listCategories'> = async ({ discovery }) => discovery.count('category', 50);
export const listTags: Handler<'listTags'> = async ({ discovery }, { query }) => discovery.count('tag', query.limit ?? 50);

export const listFeatured: Handler<'listFeatured'> = async ({ db, discovery }) => ({ items: await withAssets(db, await discovery.collections.featured()) });
export const setFeatured: Handler<'setFeatured'> = async ({ db, discovery }, { body, principal, door }) => {
  checkCurator(principal.roles);
  await discovery.collections.setFeatured(body.items, { actor: principal.userId, requestId: door.requestId });
  return { items: await withAssets(db, await discovery.collections.featured()) };
};

export const listSimilar: Handler<'listSimilar'> = async ({ db, discovery }, { params, query }) => ({ items: await withAssets(db, await discovery.similar({ ...params, ...query })) });
export const listBoughtTogether: Handler<'listBoughtTogether'> = async ({ db, discovery }, { params, query }) => ({ items: await withAssets(db, await discovery.boughtTogether({ ...params, ...query })) });

async function recommendTo({ db, discovery }: HandlerContext, who: Parameters<HandlerContext['discovery']['recommend']>[0]) {
  const found = await discovery.recommend(who);
  const titleOf = await titlesOf(db, found.flatMap(({ reason }) => (reason.assetId === undefined ? [] : [reason.assetId])));
  return { items: await withAssets(db, found.map((entry) => ({ ...entry, reason: { ...entry.reason, ...(entry.reason.assetId === undefined ? {} : { title: titleOf(entry.reason.assetId) }) } }))) };
}

export const recommendForAccount: Handler<'recommendForAccount'> = async (context, { params, query }) => recommendTo(context, { wallets: [params.address], ...query });
export const recommendForUser: Handler<'recommendForUser'> = async (context, { principal, query }) => {
  const { wallets } = await context.accounts.getUser(principal.userId);
  return recommendTo(context, { wallets: wallets.map(({ address }) => address), userId: principal.userId, ...query });
};

export const listFavourites: Handler<'listFavourites'> = async ({ db, discovery }, { principal }) => ({ items: await withAssets(db, await discovery.lists.favourites(principal.userId)) });
export const addFavourite: Handler<'addFavourite'> = async ({ discovery }, { body, principal }) => {
  await discovery.lists.addFavourite(principal.userId, body.assetId);
  return done;
};
export const removeFavourite: Handler<'removeFavourite'> = async ({ discovery }, { params, principal }) => {
  await discovery.lists.removeFavourite(principal.userId, params.assetId);
  return done;
};

export const listWatched: Handler<'listWatched'> = async ({ db, discovery }, { principal }) => ({ items: await withAssets(db, await discovery.lists.watched(principal.userId)) });
export const addWatch: Handler<'addWatch'> = async ({ discovery }, { body, principal }) => {
  await discovery.lists.addWatch(principal.userId, body.assetId);
  return done;
};
export const removeWatch: Handler<'removeWatch'> = async ({ discovery }, { params, principal }) => {
  await discovery.lists.removeWatch(principal.userId, params.assetId);
  return done;
};

export const listSavedSearches: Handler<'listSavedSearches'> = async ({ discovery }, { principal }) => ({ items: await discovery.savedSearches.list(principal.userId) });
export const saveSearch: Handler<'saveSearch'> = async ({ discovery }, { body, principal }) => discovery.savedSearches.save({ ...body, userId: principal.userId });
export const deleteSavedSearch: Handler<'deleteSavedSearch'> = async ({ discovery }, { params, principal }) => {
  await discovery.savedSearches.delete(principal.userId, params.searchId);
  return done;
};
export const listAlerts: Handler<'listAlerts'> = async ({ discovery }, { principal, query: { cursor, limit = 200 } }) => {
  const rows = await discovery.savedSearches.alerts(principal.userId, { before: cursor, limit: limit + 1 });
  return present({ items: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]?.alertId : undefined });
};
export const markAlertsSeen: Handler<'markAlertsSeen'> = async ({ discovery }, { principal }) => {
  await discovery.savedSearches.markSeen(principal.userId);
  return done;
};

/** Goes on after a count. */
export const listCollections: Handler<'listCollections'> = async ({ discovery }, { query: { cursor = 0, limit = 50 } }) => countedPage(await discovery.collections.listPublic({ limit: limit + 1, after: cursor }), { cursor, limit });
export const listOwnCollections: Handler<'listOwnCollections'> = async ({ discovery }, { principal }) => ({ items: await discovery.collections.listOwn(principal.userId) });
export const getCollection: Handler<'getCollection'> = async ({ db, discovery }, { params }) => {
  const { collection, items } = await discovery.collections.get(params);
  return { ...collection, items: await withAssets(db, items) };
};
export const getOwnCollection: Handler<'getOwnCollection'> = async ({ db, discovery }, { params, principal }) => {
  const { collection, items } = await discovery.collections.get({ ...params, userId: principal.userId });
  return { ...collection, items: await withAssets(db, items) };
};
export const createCollection: Handler<'createCollection'> = async ({ discovery }, { body, principal, door }) => discovery.collections.create({ userId: principal.userId, roles: principal.roles, requestId: door.requestId, input: body });
export const changeCollection: Handler<'changeCollection'> = async ({ discovery }, { params, body, principal }) => discovery.collections.change({ ...params, userId: principal.userId, input: body });
export const deleteCollection: Handler<'deleteCollection'> = async ({ discovery }, { params, principal }) => {
  await discovery.collections.delete(principal.userId, params.collectionId);
  return done;
};
export const addToCollection: Handler<'addToCollection'> = async ({ discovery }, { params, body, principal }) => {
  await discovery.collections.addItem({ ...params, ...body, userId: principal.userId });
  return done;
};
export const removeFromCollection: Handler<'removeFromCollection'> = async ({ discovery }, { params, principal }) => {
  await discovery.collections.removeItem({ ...params, userId: principal.userId });
  return done;
};
