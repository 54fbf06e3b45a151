import { checkTrainSpec } from '@neurodata/engine';
import type { JobSpec } from '@neurodata/protocol';
import { buyLicense, leaderboardSplit, openModel, poll, publishModel, startRun, waitForGrant, waitForVersion } from '@neurodata/sdk';
import { contestDeal, propose } from './contest.ts';
import type { Stack } from './stack.ts';
import { penguinTraining } from './tell.ts';

const minute = 60_000;

/** Has alice buy the first example dataset and train on it, and names every page of the site with something on it. Takes a stack with example data. */
export async function fillPages(stack: Stack): Promise<[name: string, path: string][]> {
  const client = await stack.client('alice');
  await waitForVersion({ client, assetId: 1, version: 1, status: 'live', timeoutMs: 2 * minute });
  const { listings, owner } = await client.api.getAsset({ assetId: 1 });
  const offer = (kind: 'download' | 'compute') => listings.find((listing) => listing.kind === kind && !listing.retired)!;
  const { orderId, hash } = await buyLicense({ client, listingId: offer('download').listingId, version: 1, maxPrice: offer('download').price });
  await waitForGrant({ client, orderId });
  const split = await leaderboardSplit({ client, assetId: 1, version: 1 });
  const train = checkTrainSpec({ ...penguinTraining, algorithm: 'decision-tree', parameters: { min_samples_leaf: 20 }, split }) as JobSpec['train'];
  const { jobId } = await startRun({ client, listingId: offer('compute').listingId, train });
  await poll({ what: 'the run', remedy: 'Look at the worker.', timeoutMs: 2 * minute, intervalMs: 500, ask: async () => ((await client.api.getJob({ jobId })).state === 'settled' ? true : undefined) });
  const block = (await client.publicClient.getTransactionReceipt({ hash })).blockNumber;
  const tabs = ['data', 'versions', 'keys', 'lineage', 'leaderboard', 'runs', 'reviews', 'activity'].map((tab): [string, string] => [`asset-${tab}`, `/datasets/1?tab=${tab}`]);
  return [
    ['discover', '/'], ['search', '/?q=penguin&kind=dataset'], ['search-nothing', '/?q=nowhere'], ['asset', '/datasets/1'], ...tabs, ['train', '/train'], ['train-form', '/train/1'], ['runs', '/runs'], ['run', `/runs/${jobId}`], ['orders', '/orders'], ['order', `/orders/${orderId}`],
    ['library', '/library'], ['collections', '/collections'], ['leaderboards', '/leaderboards'], ['token', '/token'], ['explorer', '/explorer'], ['explorer-block', `/explorer/block/${block}`], ['explorer-transaction', `/explorer/tx/${hash}`],
    ['explorer-contract', '/explorer/contract/market'], ['explorer-account', `/explorer/account/${owner}`], ['validators', '/validators'], ['validator', '/validators/1'], ['governance', '/governance'], ['disputes', '/disputes'], ['deals', '/deals'], ['offers', '/offers'],
    ['dashboard', '/dashboard'], ['account', '/account'], ['publish', '/publish'], ['publish-model', '/publish/model'], ['new-version', '/datasets/1/new-version'], ['sign-in', '/sign-in'], ['user', '/user'], ['mailbox', '/mailbox'], ['seller', `/sellers/${owner}`], ['admin', '/admin'], ['not-found', '/nowhere'],
  ];
}

/** After `fillPages`: has alice publish the model of her run and contest a deal, and carol propose something; names the pages that come with it. */
export async function fillMore(stack: Stack): Promise<[name: string, path: string][]> {
  const client = await stack.client('alice');
  const { items: [run] } = await client.api.listJobs({ buyer: client.account!.address, limit: 1 });
  const { jobId } = run!;
  const { model } = await openModel({ client, jobId });
  const { assetId } = await publishModel({ client, jobId, model, validatorsMayRead: true, description: { title: 'Penguin species', description: 'Tells three species of penguins by their sizes.', license: 'CC-BY-4.0', tags: ['biology'] } });
  const { dealId, disputeId } = await contestDeal(stack);
  await propose(stack);
  return [['model', `/models/${assetId}`], ['deal', `/deals/${dealId}`], ['dispute', `/disputes/${disputeId}`]];
}
