import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Address, type Hex, type LocalAccount, createWalletClient, erc20Abi, getAddress, http, parseAbi } from 'viem';
import type { NeuroClient } from '@neurodata/sdk';
import { decide } from './decide.ts';
import type { Stack } from './stack.ts';

const root = path.resolve(import.meta.dirname, '..');
const file = 'contracts/test/Tokens.sol';

/** Compiles the plain token of the contracts' tests; OpenZeppelin's part comes from its package. */
function compileToken(): Hex {
  const openzeppelin = ['token/ERC20/ERC20', 'token/ERC20/IERC20', 'token/ERC20/extensions/IERC20Metadata', 'utils/Context', 'interfaces/draft-IERC6093'].map((name) => `@openzeppelin/contracts/${name}.sol`);
  const sources = Object.fromEntries([[file, file], ...openzeppelin.map((name) => [name, `node_modules/${name}`])].map(([name, at]) => [name, { content: readFileSync(path.join(root, at!), 'utf8') }]));
  const input = { language: 'Solidity', sources, settings: { outputSelection: { [file]: { PlainToken: ['evm.bytecode.object'] } } } };
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'tools/solc/solc'), '--standard-json'], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 2 ** 28 });
  return `0x${JSON.parse(stdout.slice(stdout.indexOf('{'))).contracts[file].PlainToken.evm.bytecode.object}`;
}

/**
 * A coin "PLN" of somebody else's with six decimals and without permits, that a vote has allowed in the market; each of
 * `holders` has 1,000 of it. Lets a few minutes pass on the chain.
 */
export async function allowForeignToken(stack: Stack, holders: NeuroClient[]): Promise<Address> {
  const voter = await stack.client('carol');
  const { publicClient, config: { deployment: { addresses } } } = voter;
  const wallet = createWalletClient({ account: voter.account as LocalAccount, transport: http(`${stack.node.url}/rpc`) });
  const hash = await wallet.deployContract({ abi: parseAbi(['constructor(uint8)']), bytecode: compileToken(), args: [6], chain: null });
  const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash });
  const token = getAddress(contractAddress!);
  for (const holder of holders) await voter.send({ address: token, abi: parseAbi(['function mint(address to, uint256 amount)']), functionName: 'mint', args: [holder.account!.address, 1_000_000_000n], sentence: 'Mint' });
  await decide(stack, [{ contract: 'market', functionName: 'allowToken', args: [token, true] }], 'Take PLN');
  if ((await publicClient.readContract({ address: token, abi: erc20Abi, functionName: 'decimals' })) !== 6) throw new Error(`the token at ${token} has not six decimals, chain of ${addresses.market}`);
  return token;
}
