import type { Route } from './route.ts';
import type { RouteName } from './routes.ts';

/** Another path of a route of the table: the same handler, the same answers. */
export type Alias = {
  of: RouteName;
  /** Its placeholders have the names of the route's parameters. */
  path: string;
  /** Fields of the query that this path stands for. */
  query?: Record<string, string>;
  /** Parameters of the path that the route takes in its body. */
  inBody?: readonly string[];
  /** What the answer must be, e.g. a model; NOT_FOUND otherwise. */
  expect?: Record<string, string>;
};

const api = '/api/v1';
const [dataset, model] = [{ kind: 'dataset' }, { kind: 'model' }];

/** Resources by other names, and the paths of the first specification. */
export const aliases: readonly Alias[] = [
  { of: 'listAssets', path: `${api}/datasets`, query: dataset },
  { of: 'getAsset', path: `${api}/datasets/{assetId}`, expect: dataset },
  { of: 'listAssets', path: `${api}/models`, query: model },
  { of: 'getAsset', path: `${api}/models/{assetId}`, expect: model },
  { of: 'listJobs', path: `${api}/runs` },
  { of: 'getJob', path: `${api}/runs/{jobId}` },
  { of: 'listProposals', path: `${api}/governance/proposals` },
  { of: 'getProposal', path: `${api}/governance/proposals/{proposalId}` },
  { of: 'prepareVote', path: `${api}/governance/proposals/{proposalId}/vote` },
  { of: 'getUser', path: `${api}/users/me` },
  { of: 'getUser', path: `${api}/auth/profile` },
  { of: 'getUserStats', path: `${api}/auth/stats` },
  { of: 'listAssets', path: `${api}/datasets/datasets`, query: dataset },
  { of: 'getAsset', path: `${api}/datasets/datasets/{assetId}`, expect: dataset },
  { of: 'prepareAssetPurchase', path: `${api}/datasets/datasets/{assetId}/purchase` },
  { of: 'prepareTestPurchase', path: `${api}/datasets/datasets/{assetId}/test_purchase` },
  { of: 'getDownload', path: `${api}/datasets/datasets/{assetId}/download` },
  { of: 'addFavourite', path: `${api}/datasets/datasets/{assetId}/favorite`, inBody: ['assetId'] },
  { of: 'removeFavourite', path: `${api}/datasets/datasets/{assetId}/favorite` },
  { of: 'searchAssets', path: `${api}/datasets/search`, query: dataset },
  { of: 'listCategories', path: `${api}/datasets/categories` },
  { of: 'listTags', path: `${api}/datasets/tags` },
  { of: 'listFeatured', path: `${api}/datasets/featured` },
  { of: 'listAssets', path: `${api}/datasets/popular`, query: { ...dataset, sort: 'popular' } },
  { of: 'listOrders', path: `${api}/marketplace/purchases` },
  { of: 'getOrder', path: `${api}/marketplace/purchases/{orderId}` },
  { of: 'getOrder', path: `${api}/marketplace/purchases/{orderId}/details` },
  { of: 'listEscrows', path: `${api}/marketplace/escrows` },
  { of: 'getEscrow', path: `${api}/marketplace/escrows/{orderId}` },
  { of: 'prepareConfirm', path: `${api}/marketplace/escrows/{orderId}/confirm-receipt` },
  { of: 'prepareDispute', path: `${api}/marketplace/escrows/{orderId}/dispute` },
  { of: 'prepareRelease', path: `${api}/marketplace/escrows/{orderId}/auto-release` },
];

/** The resource that a path is about: the first word behind the version. */
export const resourceOf = (route: Pick<Route, 'path'>): string => /^\/api\/v1\/([^/]+)/.exec(route.path)?.[1] ?? 'node';
