import { NeuroError } from '@neurodata/protocol';
import { getAddress } from 'viem';
import { walletsOf } from '../../trust/index.ts';
import { readFlows } from '../reads/flows.ts';
import { readTrainingLoad, readValidatorHealth } from '../reads/health.ts';
import { readBorders, readRange } from '../reads/ranges.ts';
import { readSeller } from '../reads/sellers.ts';
import { readSeries } from '../reads/series.ts';
import { addIncome, assetsOfWallets, readIncome, readPublisherItems, readUsage, readViews } from '../reads/usage.ts';
import type { Handler } from './Handler.ts';

export const getSeller: Handler<'getSeller'> = async ({ db }, { params }) => readSeller(db, getAddress(params.address));

export const getUsage: Handler<'getUsage'> = async ({ db }, { params }) => readUsage(db, params.assetId);

export const getSeries: Handler<'getSeries'> = async ({ db, config }, { query }) => {
  const { metric, interval = 'day', account } = query;
  return readSeries({ db, neuroCoin: config.deployment.addresses.neuroCoin, metric, interval, account, borders: await readBorders(db, query, interval) });
};

export const listFlows: Handler<'listFlows'> = async ({ db, config }, { query }) => {
  const { limit = 50, account, kind, cursor } = query;
  return readFlows({ db, neuroCoin: config.deployment.addresses.neuroCoin, range: await readRange(db, query), limit, account, kind, cursor });
};

export const listValidatorHealth: Handler<'listValidatorHealth'> = async ({ db }, { query }) => ({ items: await readValidatorHealth(db, await readRange(db, query)) });

export const getTrainingLoad: Handler<'getTrainingLoad'> = async ({ db }, { query }) => readTrainingLoad(db, await readRange(db, query));

export const getPublisher: Handler<'getPublisher'> = async ({ db, config }, { query, principal }) => {
  const [range, wallets] = await Promise.all([readRange(db, query), walletsOf(db.orm, principal.userId)]);
  const assetIds = await assetsOfWallets(db, wallets);
  const [items, views] = await Promise.all([readPublisherItems({ db, neuroCoin: config.deployment.addresses.neuroCoin, wallets, assetIds, range }), readViews(db, assetIds, range)]);
  return { ...range, wallets, items, income: addIncome(items.map(({ income }) => income)), views };
};

export const getPublisherAsset: Handler<'getPublisherAsset'> = async ({ db, config }, { params, query, principal }) => {
  const { assetId } = params;
  const [range, wallets, usage] = await Promise.all([readRange(db, query), walletsOf(db.orm, principal.userId), readUsage(db, assetId)]);
  if (!(await assetsOfWallets(db, wallets)).includes(assetId)) throw new NeuroError(`Asset ${assetId} belongs to no wallet of yours.`, { code: 'FORBIDDEN', remedy: 'Link the wallet that owns or sells it.' });
  const [incomes, views] = await Promise.all([readIncome({ db, neuroCoin: config.deployment.addresses.neuroCoin, wallets, assetIds: [assetId], range }), readViews(db, [assetId], range)]);
  return { ...range, usage, income: incomes.get(assetId) ?? [], views };
};
