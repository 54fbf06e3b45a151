import { parseUnits, type Address, type Hex, zeroAddress, zeroHash } from 'viem';
import { readArtifact } from './artifacts.ts';
import { abis, type Economy } from './economy.ts';

const artifact = (file: string): ReturnType<typeof readArtifact> => readArtifact('@opensea/seaport-js', `src/artifacts/${file}`);
const item = { erc20: 1, erc721: 2 } as const;
/** BasicOrderType.ERC20_TO_ERC721_FULL_OPEN of Seaport 1.6. */
const erc20ToErc721 = 8;
const maxUint = 2n ** 256n - 1n;

type Sale = { seaport: Address; nft: Address; coin: Address; seller: Address; fees: Address; price: bigint; fee: bigint; id: bigint };

/** EIP-712 components of one sale; https://github.com/ProjectOpenSea/seaport/blob/main/docs/SeaportDocumentation.md */
function components(sale: Sale) {
  const { nft, coin, seller, fees, price, fee, id } = sale;
  return {
    offerer: seller, zone: zeroAddress,
    offer: [{ itemType: item.erc721, token: nft, identifierOrCriteria: id, startAmount: 1n, endAmount: 1n }],
    consideration: [
      { itemType: item.erc20, token: coin, identifierOrCriteria: 0n, startAmount: price - fee, endAmount: price - fee, recipient: seller },
      { itemType: item.erc20, token: coin, identifierOrCriteria: 0n, startAmount: fee, endAmount: fee, recipient: fees },
    ],
    orderType: 0, startTime: 0n, endTime: maxUint, zoneHash: zeroHash, salt: id, conduitKey: zeroHash,
  };
}

async function sign(economy: Economy, sale: Sale): Promise<Hex> {
  const seller = economy.evm.accounts.find(({ address }) => address === sale.seller);
  if (seller === undefined) throw new Error('The seller has no key.');
  const field = (text: string): { name: string; type: string }[] => text.split(', ').map((part) => { const [type = '', name = ''] = part.split(' '); return { name, type }; });
  return seller.signTypedData({
    domain: { name: 'Seaport', version: '1.6', chainId: economy.evm.clients.chainId, verifyingContract: sale.seaport },
    primaryType: 'OrderComponents',
    types: {
      OrderComponents: field('address offerer, address zone, OfferItem[] offer, ConsiderationItem[] consideration, uint8 orderType, uint256 startTime, uint256 endTime, bytes32 zoneHash, uint256 salt, bytes32 conduitKey, uint256 counter'),
      OfferItem: field('uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount'),
      ConsiderationItem: field('uint8 itemType, address token, uint256 identifierOrCriteria, uint256 startAmount, uint256 endAmount, address recipient'),
    },
    message: { ...components(sale), counter: 0n },
  });
}

function basicOrder(sale: Sale, signature: Hex) {
  const { nft, coin, seller, fees, price, fee, id } = sale;
  return {
    considerationToken: coin, considerationIdentifier: 0n, considerationAmount: price - fee, offerer: seller, zone: zeroAddress,
    offerToken: nft, offerIdentifier: id, offerAmount: 1n, basicOrderType: erc20ToErc721, startTime: 0n, endTime: maxUint,
    zoneHash: zeroHash, salt: id, offererConduitKey: zeroHash, fulfillerConduitKey: zeroHash, totalOriginalAdditionalRecipients: 1n,
    additionalRecipients: [{ amount: fee, recipient: fees }], signature,
  };
}

/**
 * Seaport 1.6: a buyer with a standing allowance takes a signed ERC-721 listing for NCR, with one fee recipient. Buyer and
 * seller have traded before. `basic` is its cheapest entrance (`fulfillBasicOrder`), `full` its general one (`fulfillOrder`).
 */
export async function measureSeaport(economy: Economy): Promise<{ basic: number; full: number }> {
  const { evm, addresses, deployer, publisher, buyer } = economy;
  const fees = economy.treasury;
  const controller = artifact('seaport/contracts/conduit/ConduitController.sol/LocalConduitController.json');
  const seaportArtifact = artifact('seaport/contracts/Seaport.sol/Seaport.json');
  const nftArtifact = artifact('src/contracts/test/TestERC721.sol/TestERC721.json');
  const conduits = await evm.deploy({ from: deployer, ...controller, args: [] });
  const seaport = await evm.deploy({ from: deployer, ...seaportArtifact, args: [conduits] });
  const nft = await evm.deploy({ from: deployer, ...nftArtifact, args: [] });
  const price = parseUnits('40', 18);
  const nfts = { address: nft, abi: nftArtifact.abi };
  for (let id = 1n; id <= 8n; id += 1n) await evm.send({ ...nfts, from: deployer, functionName: 'mint', args: [id <= 6n ? publisher : buyer, id] });
  await evm.send({ ...nfts, from: publisher, functionName: 'setApprovalForAll', args: [seaport, true] });
  await evm.send({ address: addresses.neuroCoin, abi: abis.neuroCoin, from: buyer, functionName: 'approve', args: [seaport, maxUint] });
  const take = async (id: bigint, basic: boolean): Promise<number> => {
    const sale = { seaport, nft, coin: addresses.neuroCoin, seller: publisher, fees, price, fee: price / 400n, id };
    const signature = await sign(economy, sale);
    const { conduitKey, ...rest } = components(sale);
    const call = basic
      ? { functionName: 'fulfillBasicOrder', args: [basicOrder(sale, signature)] }
      : { functionName: 'fulfillOrder', args: [{ parameters: { ...rest, conduitKey, totalOriginalConsiderationItems: 2n }, signature }, zeroHash] };
    return Number((await evm.send({ address: seaport, abi: seaportArtifact.abi, from: buyer, ...call })).gasUsed);
  };
  await take(1n, true);
  return { basic: await take(2n, true), full: await take(3n, false) };
}
