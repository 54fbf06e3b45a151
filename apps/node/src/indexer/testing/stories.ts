import { keccak256, numberToHex, pad, toHex, zeroAddress, zeroHash } from 'viem';
import type { Address, Hex } from 'viem';
import type { ContractName } from '../contracts.ts';

/** An event as a contract would emit it. */
export type Told = { contract: ContractName; name: string; args: Record<string, unknown> };
/** What is going on: the transactions that are still to come. Never changed, so that the past can keep it. */
type Story = readonly Told[][];
type State = { assets: number; listings: readonly number[]; orders: number; running: readonly Story[] };

export type Stories = {
  /** The transactions of the next block. */
  tell(transactions: number): Told[][];
  /** Forgets everything after this block. */
  rewind(block: number): void;
};

const validators = [1, 2, 3];
const mostRunning = 60;
/** States that a rewrite may go back to. */
const remembered = 600;

const accountOf = (kind: number, index: number): Address => pad(numberToHex(kind * 0x1_0000_0000 + index), { size: 20 });

/** Sales, rounds, reviews and stakes in an order that the contracts would allow, drawn from a seed. */
export function createStories(seed: number): Stories {
  const random = createRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const fresh = (): Hex => keccak256(toHex(`${seed}/${random()}/${random()}`));
  const past = new Map<number, State>();
  let block = 0;
  let state: State = { assets: 0, listings: [], orders: 0, running: [] };
  past.set(0, state);

  function publish(): Story {
    const assetId = BigInt(state.assets + 1);
    const roundId = `0x03${fresh().slice(4)}`;
    const owner = accountOf(1, below(50));
    const subject = pad(toHex((assetId << 32n) | 1n));
    const listingId = state.listings.length + 1;
    state = { ...state, assets: state.assets + 1, listings: [...state.listings, Number(assetId)] };
    const input = { manifestDigest: fresh(), contentRoot: fresh(), contentCommitment: fresh(), keyCommitment: fresh(), committee: validators, threshold: 2, validatorsMayRead: true };
    const listing = { assetId, firstVersion: 1, lastVersion: 0, kind: below(2), price: BigInt(1 + below(1_000)) * 10n ** 18n, modelShareBps: 0, termsDigest: zeroHash };
    return [
      [
        { contract: 'assetRegistry', name: 'Transfer', args: { from: zeroAddress, to: owner, tokenId: assetId } }, { contract: 'assetRegistry', name: 'AssetPublished', args: { assetId, owner, kind: 0 } }, { contract: 'curation', name: 'AssetEntered', args: { assetId, bond: 10n ** 18n, until: 1_900_000_000 } },
        { contract: 'validators', name: 'RoundOpened', args: { roundId, kind: 0, subject, fee: 3n, anchorBlock: BigInt(block) } }, { contract: 'assetRegistry', name: 'VersionPublished', args: { assetId, version: 1, publisher: owner, input, roundId } },
        // Here, so that every listing that somebody may buy exists.
        { contract: 'market', name: 'ListingCreated', args: { listingId, assetId, seller: owner, input: listing } },
      ],
      [{ contract: 'validators', name: 'CommitteeDrawn', args: { roundId, committee: validators, seed: fresh(), commitUntil: 1_800_000_000, revealUntil: 1_800_000_100 } }],
      ...validators.map((validatorId): Told[] => [{ contract: 'validators', name: 'Committed', args: { roundId, validatorId, commitment: fresh() } }]),
      ...validators.map((validatorId): Told[] => [{ contract: 'validators', name: 'Revealed', args: { roundId, validatorId, verdict: 1, evidence: fresh() } }]),
      [
        { contract: 'validators', name: 'RoundSettled', args: { roundId, verdict: 1, accepts: 3, rejects: 0 } }, ...validators.map((validatorId): Told => ({ contract: 'validators', name: 'RewardCredited', args: { roundId, validatorId, amount: 1n } })),
        { contract: 'assetRegistry', name: 'VersionStatusChanged', args: { assetId, version: 1, status: 2, reason: zeroHash } },
      ],
      ...(below(4) === 0 ? [[{ contract: 'curation', name: 'CurationChanged', args: { assetId, status: 2, author: accountOf(9, 1), reason: `looked at ${assetId}\0`, until: 0 } } as Told]] : []),
    ];
  }
  function buy(): Story {
    const orderId = `0x01${fresh().slice(4)}`;
    const buyer = accountOf(2, below(200));
    const listingId = 1 + below(state.listings.length);
    const assetId = BigInt(state.listings[listingId - 1] ?? 0);
    state = { ...state, orders: state.orders + 1 };
    const share = (validatorId: number): Told => ({ contract: 'market', name: 'ShareGranted', args: { orderId, validatorId, sealedShare: `0x${'5a'.repeat(80)}` } });
    const reviewed = { orderId, assetId, reviewer: buyer, rating: 1 + below(5), digest: below(2) === 0 ? zeroHash : fresh() };
    return [
      [{ contract: 'market', name: 'OrderOpened', args: { orderId, listingId, buyer, version: 1, price: BigInt(1 + below(1_000)) * 10n ** 18n, recipientKey: fresh() } }],
      [share(1)], [share(2), { contract: 'market', name: 'OrderGranted', args: { orderId } }], [{ contract: 'market', name: 'OrderConfirmed', args: { orderId } }],
      [{ contract: 'market', name: 'OrderClaimed', args: { orderId, seller: accountOf(1, 0), toSeller: 1n, fee: 1n, toParent: 0n } }],
      ...(below(3) === 0 ? [[{ contract: 'reviews', name: 'Reviewed', args: reviewed } as Told], [{ contract: 'reviews', name: 'ReviewEdited', args: { ...reviewed, rating: 5 } } as Told]] : []),
    ];
  }
  const stake = (): Story => {
    const account = accountOf(3, below(30));
    return [[{ contract: 'staking', name: 'Staked', args: { account, amount: 10n ** 18n } }], [{ contract: 'staking', name: 'Unbonding', args: { account, amount: 10n ** 17n, availableAt: 1_900_000_000 } }]];
  };
  const begin = (): Story => {
    const dice = below(10);
    if (state.listings.length < 3 || dice < 2) return publish();
    return dice < 9 ? buy() : stake();
  };
  const next = (): Told[] => {
    const running = [...state.running];
    const at = below(mostRunning);
    const [now, ...later] = running[at] ?? begin();
    if (running[at]) running.splice(at, 1, ...(later.length > 0 ? [later] : []));
    else if (later.length > 0) running.push(later);
    state = { ...state, running };
    return now ?? [];
  };
  return {
    tell: (transactions) => {
      block += 1;
      const told = Array.from({ length: transactions }, next);
      past.set(block, state);
      past.delete(block - remembered);
      return told;
    },
    rewind: (to) => {
      const before = past.get(to);
      if (!before) throw new Error(`block ${to} is too long ago`);
      [block, state] = [to, before];
    },
  };
}

/** mulberry32 */
function createRandom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
