import { z } from 'zod';
import { categories, tasks } from './categories.ts';
import { assetSummarySchema } from './dto.ts';
import { addressSchema, assetIdSchema, secondsSchema } from './schemas.ts';
import { assetKinds } from './states.ts';

/** By the lowest price in NCR: `from1` is 1 or more and less than 10. `none`: not offered for NCR. */
export const priceBands = ['free', 'under1', 'from1', 'from10', 'from100', 'from1000', 'none'] as const;
/** By the sealed file's bytes, in powers of ten. */
export const sizeBands = ['under1MB', 'from1MB', 'from10MB', 'from100MB', 'from1GB', 'unknown'] as const;
export const rowsBands = ['under1k', 'from1k', 'from10k', 'from100k', 'from1M', 'unknown'] as const;
export const qualityBands = ['high', 'good', 'basic'] as const;
export const searchSorts = ['relevance', 'newest', 'popular', 'trending', 'price', 'rows', 'rating'] as const;
export type SearchSort = (typeof searchSorts)[number];
export const facetNames = ['kind', 'category', 'license', 'price', 'size', 'rows', 'task', 'quality', 'verified', 'tag'] as const;
export type FacetName = (typeof facetNames)[number];

/** Several values of one filter, with commas between: one of them has to fit. */
const anyOf = <T extends z.ZodType<string, string>>(value: T) => z.codec(z.string().max(600), z.array(value).min(1).max(20), {
  decode: (text) => text.split(',').map((part) => part.trim()) as z.input<T>[],
  encode: (values) => values.join(','),
}).optional();

/** What a search asks for. Filters of different names must all fit. */
export const searchFilterFields = {
  q: z.string().max(200).optional(),
  kind: anyOf(z.enum(assetKinds)),
  category: anyOf(z.enum(categories)),
  license: anyOf(z.string().min(1).max(200)),
  price: anyOf(z.enum(priceBands)),
  size: anyOf(z.enum(sizeBands)),
  rows: anyOf(z.enum(rowsBands)),
  task: anyOf(z.enum(tasks)),
  quality: anyOf(z.enum(qualityBands)),
  verified: anyOf(z.enum(['yes', 'no'])),
  tag: anyOf(z.string().min(1).max(50)),
  publisher: addressSchema.optional(),
};
const searchFilterSchema = z.object(searchFilterFields);
export type SearchFilter = z.output<typeof searchFilterSchema>;

export const searchQuerySchema = searchFilterSchema.extend({
  sort: z.enum(searchSorts).optional(),
  /** Whether to count facets too. */
  facets: z.stringbool().optional(),
  cursor: z.string().regex(/^[\w-]{1,200}$/, 'expected the `next` of a page').optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});

export type SearchQuery = z.output<typeof searchQuerySchema>;

export const searchHitSchema = assetSummarySchema.extend({
  category: z.enum(categories),
  task: z.enum(tasks),
  /** 0 to 100; see "Discovery" in docs/api.md. */
  quality: z.number().int(),
  /** Stars, 1 to 5, drawn towards the middle while there are few; absent without reviews. */
  rating: z.number().optional(),
  ratings: z.number().int(),
});
export type SearchHit = z.output<typeof searchHitSchema>;

/** `atLeast`: only so many were counted, and there are more. */
export const totalSchema = z.object({ count: z.number().int(), relation: z.enum(['exact', 'atLeast']) });

const facetCountSchema = z.array(z.object({ value: z.string(), count: z.number().int() }));
/** Each facet counts what fits the words and every other filter. `estimated`: over a part of the matches, so at least that many. */
export const facetsSchema = z.object({ estimated: z.boolean(), counts: z.record(z.enum(facetNames), facetCountSchema) });
export type Facets = z.output<typeof facetsSchema>;

export const searchResultSchema = z.object({
  items: z.array(searchHitSchema),
  total: totalSchema,
  facets: facetsSchema.optional(),
  /** Words that nobody uses, and what was searched for instead. */
  corrections: z.array(z.object({ typed: z.string(), used: z.string() })),
  /** Whether an embedding model on this node had a say in the order. */
  semantic: z.boolean(),
  next: z.string().optional(),
});
export type SearchResult = z.output<typeof searchResultSchema>;

export const suggestionsSchema = z.object({
  items: z.array(z.object({ assetId: z.number().int(), kind: z.enum(assetKinds), title: z.string() })),
  words: z.array(z.string()),
});

/** Why an asset is shown beside another, each part between 0 and 1. */
export const similarSchema = z.object({ items: z.array(z.object({
  asset: assetSummarySchema, score: z.number(),
  parts: z.object({ text: z.number(), columns: z.number(), publisher: z.number(), lineage: z.number() }),
})) });
export type Similar = z.output<typeof similarSchema>;
/** `buyers`: who bought both. */
export const boughtTogetherSchema = z.object({ items: z.array(z.object({ asset: assetSummarySchema, buyers: z.number().int(), score: z.number() })) });

export const recommendationReasons = ['bought', 'ran', 'favourite', 'trending'] as const;
export const recommendationsSchema = z.object({ items: z.array(z.object({
  asset: assetSummarySchema, score: z.number(),
  /** What of the account's own history led here; `trending` names no asset. `via`: how the two are related. */
  reason: z.object({ because: z.enum(recommendationReasons), assetId: z.number().int().optional(), title: z.string().optional(), via: z.enum(['similar', 'boughtTogether']).optional() }),
})) });
export type Recommendations = z.output<typeof recommendationsSchema>;

export const listedAssetSchema = z.object({ asset: assetSummarySchema, at: secondsSchema });

export const savedSearchSchema = z.object({
  searchId: z.string(), name: z.string(),
  /** As in the address of a search, e.g. `q=birds&kind=dataset`. */
  query: z.string(), alerts: z.boolean(), createdAt: secondsSchema,
});
export type SavedSearch = z.output<typeof savedSearchSchema>;

export const alertKinds = ['match', 'version', 'price'] as const;
export const alertSchema = z.object({
  alertId: z.number().int(), kind: z.enum(alertKinds), assetId: z.number().int(), searchId: z.string().optional(), text: z.string(), at: secondsSchema, seen: z.boolean(),
});
export type DiscoveryAlert = z.output<typeof alertSchema>;

export const collectionSchema = z.object({
  collectionId: z.string(), title: z.string(), description: z.string(), public: z.boolean(),
  /** Made by a curator or an admin of this node. */
  curated: z.boolean(), size: z.number().int(), createdAt: secondsSchema, changedAt: secondsSchema,
});
export type Collection = z.output<typeof collectionSchema>;
export const collectionPageSchema = collectionSchema.extend({ items: z.array(z.object({ asset: assetSummarySchema, note: z.string(), at: secondsSchema })) });
export const collectionInputSchema = z.object({ title: z.string().trim().min(1).max(120), description: z.string().trim().max(2_000).default(''), public: z.boolean().default(true) });

/** All lists that a node keeps for a user. */
export const userListsSchema = z.object({
  favourites: z.array(z.object({ assetId: z.number().int(), at: secondsSchema })), watched: z.array(z.object({ assetId: z.number().int(), at: secondsSchema })),
  searches: z.array(savedSearchSchema), alerts: z.array(alertSchema), collections: z.array(collectionSchema.extend({ items: z.array(z.object({ assetId: z.number().int(), note: z.string(), at: secondsSchema })) })),
});

export const featuredSchema = z.object({ items: z.array(z.object({ asset: assetSummarySchema, note: z.string(), at: secondsSchema })) });
export type Featured = z.output<typeof featuredSchema>;
export const countedSchema = z.object({ items: z.array(z.object({ value: z.string(), count: z.number().int() })), estimated: z.boolean() });
export const assetParams = z.object({ assetId: assetIdSchema });
