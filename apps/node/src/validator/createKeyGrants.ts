import { readSubscription, readVersion } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { Loop } from '../duty/createLoop.ts';
import { createGrantLoop, orFinal } from './createGrantLoop.ts';
import { expectPurpose } from './expectPurpose.ts';
import type { Asked } from './createGrantLoop.ts';
import { sealOwnShare } from './sealOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

/** `requestedAt`: its block's time, in Unix seconds; tells this request from those before and after it. */
type KeyRequest = Asked & { version: number; requestedAt: number };
type Grant = { subscriptionId: Hex; requestedAt: number; sealedShare: Hex };

/** Grants shares to subscribers: follows `KeyRequested`, of which the newest of each subscription counts. */
export function createKeyGrants(setup: ValidatorSetup): Loop {
  const { client, contracts } = setup;
  return createGrantLoop<KeyRequest, Grant>({
    setup, name: 'key grants',
    read: async (range) => {
      const logs = await client.publicClient.getContractEvents({ ...contracts.subscriptions, ...range, eventName: 'KeyRequested', strict: true });
      return Promise.all(logs.map(async ({ args: { subscriptionId, version, recipientKey }, blockNumber }) => {
        const { timestamp } = await client.publicClient.getBlock({ blockNumber });
        return { proofId: subscriptionId, version, recipientKey, requestedAt: Number(timestamp) };
      }));
    },
    make: (asked) => makeGrant(setup, asked),
    send: (grants) => client.send({ ...contracts.subscriptions, functionName: 'grant', args: [grants], sentence: `Grant key shares to ${grants.length} subscriptions` }),
  });
}

async function makeGrant(setup: ValidatorSetup, asked: KeyRequest): Promise<Grant | undefined> {
  const { proofId: subscriptionId, version, recipientKey, requestedAt } = asked;
  const due = await findDueRequest(setup, asked);
  if (!due) return undefined;
  const { assetId, epoch, account } = due;
  const facts = await readVersion({ client: setup.client, assetId, version });
  await expectPurpose({ setup, facts, proofId: subscriptionId, account });
  const sealedShare = await orFinal(setup, subscriptionId, () => sealOwnShare({ setup, facts, epoch, proofId: subscriptionId, recipientKey, seal: setup.sealGrant }));
  return sealedShare && { subscriptionId, requestedAt, sealedShare };
}

/** Asset and account of a request that is the newest, that we held a share for when it was made, have not answered and still may answer; and that epoch. */
async function findDueRequest(setup: ValidatorSetup, asked: KeyRequest): Promise<{ assetId: number; epoch: number; account: Address } | undefined> {
  const { client, contracts, validatorId, log } = setup;
  const { publicClient } = client;
  const { proofId: subscriptionId, version, requestedAt } = asked;
  const [{ assetId, account, paidUntil }, request, params, head] = await Promise.all([
    readSubscription({ client, subscriptionId }),
    publicClient.readContract({ ...contracts.subscriptions, functionName: 'request', args: [subscriptionId] }),
    publicClient.readContract({ ...contracts.market, functionName: 'params' }),
    publicClient.getBlock({ blockTag: 'latest' }),
  ]);
  if (request.version !== version || request.requestedAt !== requestedAt) return undefined;
  const { committee, epoch } = await publicClient.readContract({ ...contracts.custody, functionName: 'holdersAt', args: [BigInt(assetId), version, BigInt(requestedAt)] });
  const place = committee.indexOf(validatorId);
  if (place < 0 || (request.grants & (1 << place)) !== 0) return undefined;
  const now = Number(head.timestamp);
  if (now >= paidUntil || now > requestedAt + params.grantWindow - params.grantMargin) {
    log.warn({ subscriptionId, version }, 'too late to answer this request');
    return undefined;
  }
  return { assetId, epoch, account };
}
