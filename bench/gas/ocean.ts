import { type Abi, type Address, encodeAbiParameters, encodePacked, type Hex, keccak256, parseEventLogs, parseUnits, stringToHex, type TransactionReceipt, zeroAddress } from 'viem';
import { readArtifact } from './artifacts.ts';
import { abis, type Economy } from './economy.ts';

const artifact = (file: string): ReturnType<typeof readArtifact> => readArtifact('@oceanprotocol/contracts', `artifacts/contracts/${file}`);
const one = parseUnits('1', 18);
const price = parseUnits('40', 18);
const maxUint = 2n ** 256n - 1n;

/** The argument `name` of the one event of that name in a receipt. */
function eventArgument(parameters: { receipt: TransactionReceipt; abi: Abi; eventName: string; name: string }): Hex {
  const { receipt, abi, eventName, name } = parameters;
  const [event] = parseEventLogs({ abi, eventName, logs: receipt.logs });
  const value: unknown = event === undefined ? undefined : (event.args as unknown as Record<string, unknown>)[name];
  if (typeof value !== 'string') throw new Error(`Ocean emitted no ${eventName} with ${name}.`);
  return value as Hex;
}

type Ocean = { exchange: Address; datatoken: Address; exchangeId: Hex; tokenAbi: Abi; exchangeAbi: Abi };

/** The deployment of Ocean's own tests: router, exchange, templates, factory; then an asset with a fixed-rate exchange in NCR. */
async function deployOcean(economy: Economy, template: string): Promise<Ocean> {
  const { evm, addresses, deployer, publisher, treasury } = economy;
  const files = {
    router: artifact('pools/FactoryRouter.sol/FactoryRouter.json'), exchange: artifact('pools/fixedRate/FixedRateExchange.sol/FixedRateExchange.json'),
    nft: artifact('templates/ERC721Template.sol/ERC721Template.json'), factory: artifact('ERC721Factory.sol/ERC721Factory.json'),
    token: artifact(`templates/${template}.sol/${template}.json`),
  };
  const make = (name: keyof typeof files, args: readonly unknown[]): Promise<Address> => evm.deploy({ from: deployer, ...files[name], args });
  const unused: Address = '0x000000000000000000000000000000000000dEaD';
  const router = await make('router', [deployer, unused, unused, treasury, []]);
  const exchange = await make('exchange', [router]);
  const [nft, token] = [await make('nft', []), await make('token', [])];
  const factory = await make('factory', [nft, token, router]);
  for (const [functionName, argument] of [['addFactory', factory], ['addFixedRateContract', exchange], ['addApprovedToken', addresses.neuroCoin]] as const) {
    await evm.send({ from: deployer, address: router, abi: files.router.abi, functionName, args: [argument] });
  }
  const receipt = await evm.send({
    from: publisher, address: factory, abi: files.factory.abi, functionName: 'createNftWithErc20WithFixedRate',
    args: [
      { name: 'Asset', symbol: 'AST', templateIndex: 1n, tokenURI: 'https://example.org', transferable: true, owner: publisher },
      { templateIndex: 1n, strings: ['Access', 'ACC'], addresses: [publisher, publisher, zeroAddress, zeroAddress], uints: [parseUnits('100000', 18), 0n], bytess: [] },
      { fixedPriceAddress: exchange, addresses: [addresses.neuroCoin, publisher, treasury, zeroAddress], uints: [18n, 18n, price, 0n, 1n] },
    ],
  });
  const datatoken = eventArgument({ receipt, abi: files.factory.abi, eventName: 'TokenCreated', name: 'newTokenAddress' });
  const exchangeId = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'address' }], [addresses.neuroCoin, datatoken]));
  return { exchange, datatoken, exchangeId, tokenAbi: files.token.abi, exchangeAbi: files.exchange.abi };
}

/** What the provider of a service signs for each order; no fee, no expiry, as in Ocean's tests. */
async function providerFee(economy: Economy): Promise<Record<string, unknown>> {
  const provider = economy.evm.accounts[10];
  if (provider === undefined) throw new Error('The EVM has no account 10.');
  const providerData = stringToHex(JSON.stringify({ timeout: 0 }));
  const message = keccak256(encodePacked(['bytes', 'address', 'address', 'uint256', 'uint256'], [providerData, provider.address, zeroAddress, 0n, 0n]));
  const signature = await provider.signMessage({ message: { raw: message } });
  return {
    providerFeeAddress: provider.address, providerFeeToken: zeroAddress, providerFeeAmount: 0n, validUntil: 0n, providerData,
    r: signature.slice(0, 66), s: `0x${signature.slice(66, 130)}`, v: Number(`0x${signature.slice(130)}`),
  };
}

const noMarketFee = { consumeMarketFeeAddress: zeroAddress, consumeMarketFeeToken: zeroAddress, consumeMarketFeeAmount: 0n };

/** Buy a datatoken at the fixed rate, then hand it in: the two transactions of Ocean's clients for template 1. */
async function buyAndOrder(economy: Economy, ocean: Ocean): Promise<number> {
  const { evm, buyer } = economy;
  const bought = await evm.send({ from: buyer, address: ocean.exchange, abi: ocean.exchangeAbi, functionName: 'buyDT', args: [ocean.exchangeId, one, 2n * price, zeroAddress, 0n] });
  const ordered = await evm.send({ from: buyer, address: ocean.datatoken, abi: ocean.tokenAbi, functionName: 'startOrder', args: [buyer, 0n, await providerFee(economy), noMarketFee] });
  return Number(bought.gasUsed + ordered.gasUsed);
}

/** The one transaction of the enterprise template. */
async function buyFromFreAndOrder(economy: Economy, ocean: Ocean): Promise<number> {
  const order = { consumer: economy.buyer, serviceIndex: 0n, _providerFee: await providerFee(economy), _consumeMarketFee: noMarketFee };
  const rate = { exchangeContract: ocean.exchange, exchangeId: ocean.exchangeId, maxBaseTokenAmount: 2n * price, swapMarketFee: 0n, marketFeeAddress: zeroAddress };
  const receipt = await economy.evm.send({ from: economy.buyer, address: ocean.datatoken, abi: ocean.tokenAbi, functionName: 'buyFromFreAndOrder', args: [order, rate] });
  return Number(receipt.gasUsed);
}

/**
 * Ocean: a buyer with a standing allowance in NCR buys access at a fixed rate and starts the order; buyer and seller have
 * traded before. `one` is one transaction (enterprise template), `two` the two of the standard template together.
 */
export async function measureOcean(economy: Economy): Promise<{ one: number; two: number }> {
  const { evm, addresses, buyer } = economy;
  const approve = (spender: Address): Promise<unknown> => evm.send({ from: buyer, address: addresses.neuroCoin, abi: abis.neuroCoin, functionName: 'approve', args: [spender, maxUint] });
  const enterprise = await deployOcean(economy, 'ERC20TemplateEnterprise');
  await approve(enterprise.datatoken);
  await buyFromFreAndOrder(economy, enterprise);
  const oneCall = await buyFromFreAndOrder(economy, enterprise);
  const standard = await deployOcean(economy, 'ERC20Template');
  await approve(standard.exchange);
  await buyAndOrder(economy, standard);
  return { one: oneCall, two: await buyAndOrder(economy, standard) };
}
