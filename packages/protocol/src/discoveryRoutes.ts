import { z } from 'zod';
import {
  alertSchema, assetParams, boughtTogetherSchema, collectionInputSchema, collectionPageSchema, collectionSchema, countedSchema, featuredSchema, listedAssetSchema,
  recommendationsSchema, savedSearchSchema, similarSchema, suggestionsSchema,
} from './discoveryDto.ts';
import type { Route } from './route.ts';
import { addressSchema, assetIdSchema } from './schemas.ts';
import { searchRoutes } from './searchRoutes.ts';

const done = z.object({ done: z.literal(true) });
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const few = z.object({ limit: z.coerce.number().int().min(1).max(50).optional() });
const collectionParams = z.object({ collectionId: z.uuid() });
const note = z.string().trim().max(300).default('');

/** Finding assets, and the lists that people keep of them. */
export const discoveryRoutes = {
  ...searchRoutes,
  suggestAssets: { method: 'GET', path: '/api/v1/search/suggest', summary: 'Titles and words for what is being typed', query: few.extend({ q: z.string().max(200) }), response: suggestionsSchema },
  listCategories: { method: 'GET', path: '/api/v1/categories', summary: 'Categories with how many assets each has', response: countedSchema },
  listTags: { method: 'GET', path: '/api/v1/tags', summary: 'Tags, most used first', query: few, response: countedSchema },
  setFeatured: {
    method: 'POST', path: '/api/v1/admin/featured', summary: 'Sets what is featured, in this order; for curators and admins', access: 'session', role: ['curator', 'admin'],
    body: z.object({ items: z.array(z.object({ assetId: assetIdSchema, note })).max(50) }), response: featuredSchema,
  },
  listSimilar: { method: 'GET', path: '/api/v1/assets/{assetId}/similar', summary: 'Assets like this one: by text, columns, publisher and lineage', params: assetParams, query: few, response: similarSchema },
  listBoughtTogether: { method: 'GET', path: '/api/v1/assets/{assetId}/bought-together', summary: 'What buyers of this asset also bought', params: assetParams, query: few, response: boughtTogetherSchema },
  recommendForAccount: {
    method: 'GET', path: '/api/v1/accounts/{address}/recommendations', summary: 'What may interest an account, by its orders and runs, with the reason', params: z.object({ address: addressSchema }), query: few, response: recommendationsSchema,
  },
  recommendForUser: { method: 'GET', path: '/api/v1/users/recommendations', summary: 'What may interest the user, by the orders and runs of the linked wallets and by favourites, with the reason', access: 'lists:read', query: few, response: recommendationsSchema },
  listFavourites: { method: 'GET', path: '/api/v1/users/favourites', summary: 'The user\'s favourites, newest first', access: 'lists:read', response: list(listedAssetSchema) },
  addFavourite: { method: 'POST', path: '/api/v1/users/favourites', summary: 'Adds a favourite', access: 'lists:write', body: assetParams, response: done },
  removeFavourite: { method: 'DELETE', path: '/api/v1/users/favourites/{assetId}', summary: 'Removes a favourite', access: 'lists:write', params: assetParams, response: done },
  listWatched: { method: 'GET', path: '/api/v1/users/watched', summary: 'The user\'s watch list, newest first', access: 'lists:read', response: list(listedAssetSchema) },
  addWatch: { method: 'POST', path: '/api/v1/users/watched', summary: 'Watches an asset: alerts on new versions and lower prices', access: 'lists:write', body: assetParams, response: done },
  removeWatch: { method: 'DELETE', path: '/api/v1/users/watched/{assetId}', summary: 'Stops watching an asset', access: 'lists:write', params: assetParams, response: done },
  listSavedSearches: { method: 'GET', path: '/api/v1/users/searches', summary: 'The user\'s saved searches, newest first', access: 'lists:read', response: list(savedSearchSchema) },
  saveSearch: {
    method: 'POST', path: '/api/v1/users/searches', summary: 'Saves a search; with `alerts`, new assets that fit it are told', access: 'lists:write',
    body: z.object({ name: z.string().trim().min(1).max(120), query: z.string().max(2_000), alerts: z.boolean().default(false) }), response: savedSearchSchema,
  },
  deleteSavedSearch: { method: 'DELETE', path: '/api/v1/users/searches/{searchId}', summary: 'Deletes a saved search', access: 'lists:write', params: z.object({ searchId: z.uuid() }), response: done },
  listAlerts: {
    method: 'GET', path: '/api/v1/users/alerts', summary: 'What saved searches and the watch list found, newest first', access: 'lists:read',
    query: z.object({ cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(200).optional() }), response: list(alertSchema).extend({ next: z.number().int().optional() }),
  },
  markAlertsSeen: { method: 'POST', path: '/api/v1/users/alerts/seen', summary: 'Marks every alert as seen', access: 'lists:write', body: z.object({}), response: done },
  listCollections: {
    method: 'GET', path: '/api/v1/collections', summary: 'Public collections, curators\' first. `next` goes on where `cursor` says',
    query: few.extend({ cursor: z.coerce.number().int().min(0).max(1_000_000).optional() }), response: list(collectionSchema).extend({ next: z.number().int().optional() }),
  },
  getCollection: { method: 'GET', path: '/api/v1/collections/{collectionId}', summary: 'One public collection with its assets', params: collectionParams, response: collectionPageSchema },
  listOwnCollections: { method: 'GET', path: '/api/v1/users/collections', summary: 'The user\'s collections, private ones too', access: 'lists:read', response: list(collectionSchema) },
  getOwnCollection: { method: 'GET', path: '/api/v1/users/collections/{collectionId}', summary: 'One of the user\'s collections with its assets', access: 'lists:read', params: collectionParams, response: collectionPageSchema },
  createCollection: { method: 'POST', path: '/api/v1/users/collections', summary: 'Makes a collection', access: 'lists:write', body: collectionInputSchema, response: collectionSchema },
  changeCollection: { method: 'POST', path: '/api/v1/users/collections/{collectionId}', summary: 'Changes title, description and who sees a collection', access: 'lists:write', params: collectionParams, body: collectionInputSchema, response: collectionSchema },
  deleteCollection: { method: 'DELETE', path: '/api/v1/users/collections/{collectionId}', summary: 'Deletes a collection', access: 'lists:write', params: collectionParams, response: done },
  addToCollection: { method: 'POST', path: '/api/v1/users/collections/{collectionId}/items', summary: 'Adds an asset, or changes its note', access: 'lists:write', params: collectionParams, body: z.object({ assetId: assetIdSchema, note }), response: done },
  removeFromCollection: {
    method: 'DELETE', path: '/api/v1/users/collections/{collectionId}/items/{assetId}', summary: 'Takes an asset out of a collection', access: 'lists:write', params: collectionParams.extend({ assetId: assetIdSchema }), response: done,
  },
} as const satisfies Record<string, Route>;

export type DiscoveryRouteName = keyof typeof discoveryRoutes;
