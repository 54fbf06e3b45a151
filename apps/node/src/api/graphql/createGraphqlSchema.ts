import {
  NeuroError, accountSchema, apiKeySchema, changeSchema, configSchema, dealSchema, delegationSchema, disputeSchema, jobSchema, jurorSchema, orderSchema, poolSchema, proposalSchema, roundSchema, routes, sessionSchema, stakeSchema, statsSchema, subscriptionSchema, userActivitySchema, userSchema, validatorSchema, workerSchema,
} from '@neurodata/protocol';
import type { Change, JobDto, ListingDto, OrderDto, ParentDto, ReviewDto, Route, RouteName, SubscriptionDto } from '@neurodata/protocol';
import type { GraphQLSchema } from 'graphql';
import { getAddress } from 'viem';
import type { Address } from 'viem';
import { createAssetType } from './assetType.ts';
import { createBuilder } from './createBuilder.ts';
import type { Builder, GraphqlContext } from './createBuilder.ts';
import { createTypes } from './createTypes.ts';
import type { ObjectRef, Types } from './createTypes.ts';
import { ask, createLists } from './listField.ts';
import type { ItemOf, ListRoute, Lists } from './listField.ts';
import { followChanges } from './followChanges.ts';
import { nameParts } from './nameParts.ts';

type Person = { address: Address };

/** The schema over the handlers of the route table: REST's words, its arguments, its checks, its cursors. */
export function createGraphqlSchema(): GraphQLSchema {
  const builder = createBuilder();
  const types = createTypes(builder);
  nameParts(types);
  const lists = createLists(builder, types);
  const person = builder.objectRef<Person>('Person');
  builder.objectType(person, { name: 'Person', description: 'Whoever stands behind an address.' });
  builder.objectField(person, 'address', (t) => t.field({ type: 'Address', resolve: ({ address }) => address }));
  const assets = createAssetType(builder, types, lists, person);
  const round = types.object('Round', roundSchema);
  const order = types.object<OrderDto>('Order', orderSchema, ['buyer', 'seller']);
  const job = types.object<JobDto>('Job', jobSchema, ['buyer', 'worker']);
  const subscription = types.object<SubscriptionDto>('AssetSubscription', subscriptionSchema, ['account', 'seller']);
  const nouns = {
    ...assets, round, order, job, subscription, person,
    validator: types.object('Validator', validatorSchema), worker: types.object('Worker', workerSchema), deal: types.object('Deal', dealSchema), dispute: types.object('Dispute', disputeSchema), juror: types.object('Juror', jurorSchema),
    proposal: types.object('Proposal', proposalSchema), stake: types.object('Stake', stakeSchema), delegation: types.object('Delegation', delegationSchema), pool: types.object('Pool', poolSchema),
  };
  addLinks(builder, nouns);
  addQueries(builder, types, lists, nouns);
  addPerson(builder, types, lists, nouns);
  addMe(builder, types);
  addSubscriptions(builder, types);
  return builder.toSchema();
}

const capital = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;

type Nouns = {
  ref: ObjectRef<ItemOf<'listAssets'>>; asset: ReturnType<typeof createAssetType>['asset']; review: ObjectRef<ReviewDto>; parent: ObjectRef<ParentDto>; listing: ObjectRef<ListingDto>;
  order: ObjectRef<OrderDto>; job: ObjectRef<JobDto>; subscription: ObjectRef<SubscriptionDto>; person: ObjectRef<Person>;
  round: ObjectRef<object>; validator: ObjectRef<object>; worker: ObjectRef<object>; deal: ObjectRef<object>; dispute: ObjectRef<object>; juror: ObjectRef<object>; proposal: ObjectRef<object>; stake: ObjectRef<object>; delegation: ObjectRef<object>; pool: ObjectRef<object>;
};

/** From one noun to the next: assets are loaded for all of an answer at once. */
function addLinks(builder: Builder, { asset, review, parent, listing, order, job, subscription, person }: Nouns): void {
  const personOf = (address: Address | undefined): Person | null => (address === undefined ? null : { address });
  for (const ref of [review, parent, listing, order, job, subscription] as ObjectRef<{ assetId: number }>[]) {
    builder.objectField(ref, 'asset', (t) => t.field({ type: asset, nullable: true, complexity: 10, resolve: ({ assetId }) => assetId }));
  }
  builder.objectField(job, 'model', (t) => t.field({ type: asset, nullable: true, complexity: 10, resolve: ({ modelAssetId }) => modelAssetId ?? null }));
  builder.objectField(order, 'buyer', (t) => t.field({ type: person, resolve: ({ buyer }) => ({ address: buyer }) }));
  builder.objectField(order, 'seller', (t) => t.field({ type: person, resolve: ({ seller }) => ({ address: seller }) }));
  builder.objectField(job, 'buyer', (t) => t.field({ type: person, resolve: ({ buyer }) => ({ address: buyer }) }));
  builder.objectField(job, 'worker', (t) => t.field({ type: person, nullable: true, resolve: ({ worker }) => personOf(worker) }));
  builder.objectField(subscription, 'account', (t) => t.field({ type: person, resolve: ({ account }) => ({ address: account }) }));
  builder.objectField(subscription, 'seller', (t) => t.field({ type: person, resolve: ({ seller }) => ({ address: seller }) }));
}

function addPerson(builder: Builder, types: Types, lists: Lists, nouns: Nouns): void {
  const { person } = nouns;
  const list = <K extends ListRoute>(name: string, route: K, node: ObjectRef<never>, by: string): void => {
    builder.objectField(person, name, (t) => t.field({
      type: lists.connectionOf(node), args: lists.argsOf(`Person${capital(name)}`, route, [by]), complexity: lists.costOfNested,
      resolve: ({ address }, args, context) => lists.readPage(context, route, args, { [by]: address }) as never,
    }));
  };
  list('assets', 'listAssets', nouns.ref as never, 'owner');
  list('purchases', 'listOrders', nouns.order as never, 'buyer');
  list('sales', 'listOrders', nouns.order as never, 'seller');
  list('jobs', 'listJobs', nouns.job as never, 'buyer');
  list('runs', 'listJobs', nouns.job as never, 'worker');
  list('subscriptions', 'listSubscriptions', nouns.subscription as never, 'account');
  list('reviews', 'listReviews', nouns.review as never, 'reviewer');
  list('deals', 'listDeals', nouns.deal as never, 'party');
  const account = types.object('Account', accountSchema, ['address']);
  builder.objectField(person, 'account', (t) => t.field({ type: account, complexity: 200, description: 'Balances, stake and credits, asked of the chain.', resolve: ({ address }, _args, context) => ask(context, 'getAccount', { params: { address } }) }));
}

function addQueries(builder: Builder, types: Types, lists: Lists, nouns: Nouns): void {
  builder.queryType({});
  const list = <K extends ListRoute>(name: string, route: K, node: ObjectRef<never>): void => {
    builder.queryField(name, (t) => t.field({
      type: lists.connectionOf(node), description: routes[route].summary, args: lists.argsOf(capital(name), route), complexity: lists.costOfRoot,
      resolve: (_parent, args, context) => lists.readPage(context, route, args) as never,
    }));
  };
  const one = (name: string, route: RouteName, node: ObjectRef<never>): void => {
    builder.queryField(name, (t) => t.field({
      type: node, nullable: true, description: routes[route].summary, args: types.args(name, (routes[route] as Route).params, []),
      resolve: (_parent, args, context) => ask(context, route, { params: args }) as never,
    }));
  };
  builder.queryField('asset', (t) => t.field({
    type: nouns.asset, nullable: true, description: routes.getAsset.summary, args: types.args('asset', routes.getAsset.params, []), complexity: 10,
    resolve: (_parent, args) => routes.getAsset.params.parse(args).assetId,
  }));
  builder.queryField('person', (t) => t.field({ type: nouns.person, args: { address: t.arg({ type: 'Address', required: true }) }, resolve: (_parent, { address }) => ({ address: getAddress(address) }) }));
  one('listing', 'getListing', nouns.listing as never);
  one('order', 'getOrder', nouns.order as never);
  one('job', 'getJob', nouns.job as never);
  one('subscription', 'getSubscription', nouns.subscription as never);
  one('round', 'getRound', nouns.round as never);
  one('deal', 'getDeal', nouns.deal as never);
  one('dispute', 'getDispute', nouns.dispute as never);
  one('proposal', 'getProposal', nouns.proposal as never);
  one('stats', 'getStats', types.object('Stats', statsSchema) as never);
  one('config', 'getConfig', types.object('Config', configSchema) as never);
  list('assets', 'listAssets', nouns.ref as never);
  list('orders', 'listOrders', nouns.order as never);
  list('jobs', 'listJobs', nouns.job as never);
  list('subscriptions', 'listSubscriptions', nouns.subscription as never);
  list('validators', 'listValidators', nouns.validator as never);
  list('workers', 'listWorkers', nouns.worker as never);
  list('deals', 'listDeals', nouns.deal as never);
  list('disputes', 'listDisputes', nouns.dispute as never);
  list('jurors', 'listJurors', nouns.juror as never);
  list('reviews', 'listReviews', nouns.review as never);
  list('proposals', 'listProposals', nouns.proposal as never);
  list('stakes', 'listStakes', nouns.stake as never);
  list('delegations', 'listDelegations', nouns.delegation as never);
  list('pools', 'listPools', nouns.pool as never);
}

/** Who is signed in; each part asks for what its route asks for. */
function addMe(builder: Builder, types: Types): void {
  const user = types.object('User', userSchema);
  const parts = { sessions: ['listSessions', types.object('Session', sessionSchema)], keys: ['listKeys', types.object('ApiKey', apiKeySchema)], activity: ['listActivity', types.object('UserActivity', userActivitySchema)] } as const;
  for (const [name, [route, item]] of Object.entries(parts)) {
    builder.objectField(user, name, (t) => t.field({ type: [item] as never, description: routes[route].summary, complexity: { field: 10, multiplier: 5 }, resolve: async (_user, _args, context) => (await ask(context, route)).items as never }));
  }
  builder.queryField('me', (t) => t.field({ type: user, nullable: true, description: routes.getUser.summary, complexity: 10, resolve: (_parent, _args, context) => ask(context, 'getUser') }));
}

const mostTopics = 50;

function addSubscriptions(builder: Builder, types: Types): void {
  const change = types.object<Change>('Change', changeSchema);
  builder.subscriptionType({});
  builder.subscriptionField('changes', (t) => t.field({
    type: change, description: 'What changed, as it happens; with topics such as `asset:7`, `order:0x01..` or `account:0x..`, only what names one of them.',
    args: { topics: t.arg.stringList() },
    subscribe: (_parent, { topics }, context: GraphqlContext) => {
      if ((topics?.length ?? 0) > mostTopics) throw new NeuroError(`These are more than ${mostTopics} topics.`, { code: 'BAD_INPUT', remedy: 'Ask for fewer, or for all changes.' });
      return followChanges(context.changes, topics ?? undefined);
    },
    resolve: (found) => found as Change,
  }));
}
