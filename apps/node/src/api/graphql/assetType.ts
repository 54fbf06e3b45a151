import { NeuroError, assetSchema, assetSummarySchema, listingSchema, parentSchema, reviewSchema, routes, versionDtoSchema } from '@neurodata/protocol';
import type { AssetDto, AssetSummary, ListingDto, ParentDto, ReviewDto, VersionDto } from '@neurodata/protocol';
import { activityByAsset, derivedByAsset, hiddenByAsset, listingsByAsset, parentsByAsset, ratingsByAsset, reviewsByAsset, samplesByAsset, versionsByAsset, wholesBySample } from '../reads/assetParts.ts';
import { pageSize } from '../reads/pages.ts';
import { readSummaries, readSummaryRows } from '../reads/summaries.ts';
import type { SummaryRow } from '../reads/summaries.ts';
import type { Database } from '../../db/openDatabase.ts';
import type { Builder, GraphqlContext } from './createBuilder.ts';
import type { ObjectRef, Types } from './createTypes.ts';
import { queryOf } from './listField.ts';
import type { Lists, Page } from './listField.ts';

/** Of one more statement for all assets of a page. */
const costOfPart = 10;

export type AssetRef = ReturnType<typeof createAssetType>['asset'];
type Person = { address: AssetSummary['owner'] };

/** An asset: what lists say of it, and parts that are read for all assets of an answer at once. */
export function createAssetType(builder: Builder, types: Types, lists: Lists, person: ObjectRef<Person>) {
  const asset = builder.loadableObjectRef<AssetSummary, number>('Asset', {
    load: async (ids, { deps }) => {
      const found = new Map((await readSummaries(deps.db, ids)).map((summary) => [summary.assetId, summary]));
      return ids.map((id) => found.get(id) ?? new NeuroError(`There is no asset ${id}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new asset appears when its block is indexed.' }));
    },
    cacheResolved: (summary) => summary.assetId,
  });
  builder.objectType(asset, { name: 'Asset' });
  const ref = asset as unknown as ObjectRef<AssetSummary>;
  types.addFields(ref as ObjectRef<unknown>, assetSummarySchema, ['owner']);
  builder.objectField(ref, 'owner', (t) => t.field({ type: person, resolve: ({ owner }) => ({ address: owner }) }));
  const review = types.object<ReviewDto>('Review', reviewSchema);
  const parts = {
    version: types.object<VersionDto>('Version', versionDtoSchema), listing: types.object<ListingDto>('Listing', listingSchema), parent: types.object<ParentDto>('Parent', parentSchema), review,
  };
  addTexts(builder, types, ref);
  addParts(builder, types, ref, parts);
  addReviews(builder, lists, ref, review);
  return { asset, ref, ...parts };
}

type Texts = Pick<AssetDto, 'description' | 'columnList'> & { source: string | null };

/** What only an asset's own page shows of its manifest. */
function addTexts(builder: Builder, types: Types, ref: ObjectRef<AssetSummary>): void {
  const texts = builder.objectRef<Texts>('AssetTexts');
  builder.objectType(texts, { name: 'AssetTexts', description: 'What the newest readable manifest says at length.' });
  types.addFields(texts as ObjectRef<unknown>, assetSchema.pick({ description: true, source: true, columnList: true }));
  const toTexts = (row: SummaryRow): Texts => ({ description: row.description ?? '', source: row.source, columnList: row.columns ?? [] });
  builder.objectField(ref, 'texts', (t) => t.loadable({
    type: texts, complexity: costOfPart, resolve: ({ assetId }) => assetId,
    load: async (ids: number[], { deps }: GraphqlContext) => {
      const rows = new Map((await readSummaryRows(deps.db, ids)).map((row) => [Number(row.asset_id), toTexts(row)]));
      return ids.map((id) => rows.get(id) ?? { description: '', source: null, columnList: [] });
    },
  }));
}

type Read<T> = (db: Database, ids: readonly number[]) => Promise<Map<number, T>>;
const loading = <T, E>(read: Read<T>, empty: E) => async (ids: number[], { deps }: GraphqlContext): Promise<(T | E)[]> => {
  const found = await read(deps.db, ids);
  return ids.map((id) => found.get(id) ?? empty);
};
const idOf = ({ assetId }: AssetSummary): number => assetId;

function addParts(builder: Builder, types: Types, ref: ObjectRef<AssetSummary>, parts: { version: ObjectRef<VersionDto>; listing: ObjectRef<ListingDto>; parent: ObjectRef<ParentDto> }): void {
  const { shape } = assetSchema;
  const activity = types.object('Activity', shape.activity.element);
  const derived = types.object('Derived', shape.derived.element);
  const ratings = types.object('Ratings', shape.ratings);
  const whole = types.object('SampleOf', shape.sampleOf.unwrap());
  const complexity = { field: costOfPart, multiplier: 5 };
  builder.objectField(ref, 'versions', (t) => t.loadableList({ type: parts.version, complexity, resolve: idOf, load: loading(versionsByAsset, []) }));
  builder.objectField(ref, 'listings', (t) => t.loadableList({ type: parts.listing, complexity, resolve: idOf, load: loading(listingsByAsset, []) }));
  builder.objectField(ref, 'lineage', (t) => t.loadableList({ type: parts.parent, complexity, resolve: idOf, load: loading(parentsByAsset, []) }));
  builder.objectField(ref, 'derived', (t) => t.loadableList({ type: derived, complexity, resolve: idOf, load: loading(derivedByAsset, []) }));
  builder.objectField(ref, 'activity', (t) => t.loadableList({ type: activity, complexity, resolve: idOf, load: loading(activityByAsset, []) }));
  builder.objectField(ref, 'ratings', (t) => t.loadable({ type: ratings, complexity: costOfPart, resolve: idOf, load: loading(ratingsByAsset, { count: 0, sum: 0 }) }));
  builder.objectField(ref, 'sampleOf', (t) => t.loadable({ type: whole, nullable: true, complexity: costOfPart, resolve: idOf, load: loading(wholesBySample, null) }));
  builder.objectField(ref, 'hidden', (t) => t.loadable({ type: 'String', nullable: true, description: 'Why this node shows it in no list.', complexity: costOfPart, resolve: idOf, load: loading(hiddenByAsset, null) }));
  builder.objectField(ref, 'sampleAssetId', (t) => t.loadable({ type: 'Whole', nullable: true, complexity: costOfPart, resolve: idOf, load: loading(samplesByAsset, null) }));
}

/** The first pages of all assets in one statement: the same arguments hold for each. */
function addReviews(builder: Builder, lists: Lists, ref: ObjectRef<AssetSummary>, review: ObjectRef<ReviewDto>): void {
  builder.objectField(ref, 'reviews', (t) => t.loadable({
    type: lists.connectionOf(review), args: lists.argsOf('AssetReviews', 'listReviews', ['assetId', 'reviewer']), byPath: true, resolve: idOf,
    complexity: (args) => ({ ...lists.costOfNested(args), field: costOfPart }),
    load: async (ids: number[], { deps }: GraphqlContext, args: object): Promise<Page<ReviewDto>[]> => {
      const { limit = pageSize, cursor } = routes.listReviews.query.parse(queryOf(args));
      const found = await reviewsByAsset(deps.db, ids, { limit, cursor });
      return ids.map((id) => found.get(id) ?? { items: [] });
    },
  }));
}
