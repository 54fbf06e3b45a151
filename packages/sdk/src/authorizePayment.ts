import { NeuroError } from '@neurodata/protocol';
import { type Address, type Hex, type TypedDataDomain, domainSeparator, erc20Abi, parseAbi } from 'viem';
import { approveCoin } from './approveCoin.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { describeAmount, isNcr } from './tokenAmounts.ts';
import { type PermitInput, noPermit, signPermit, signTokenPermit } from './signPermit.ts';

/**
 * Lets `spender` take `value` base units of a token in the call that follows: by a signature for NCR and for tokens that
 * support ERC-2612, by a transaction of its own for others; by nothing where the standing allowance suffices.
 * Throws `NO_FUNDS` where the account holds less.
 */
export async function authorizePayment(parameters: { client: NeuroClient; token: Address; spender: Address; value: bigint }): Promise<PermitInput> {
  const { client, token, spender, value } = parameters;
  if (isNcr(client, token)) return signPermit({ client, spender, value });
  if (value === 0n) return noPermit;
  const holder = accountOf(client).address;
  const contract = { address: token, abi: erc20Abi } as const;
  const [balance, allowance, nonce] = await Promise.all([
    client.publicClient.readContract({ ...contract, functionName: 'balanceOf', args: [holder] }),
    client.publicClient.readContract({ ...contract, functionName: 'allowance', args: [holder, spender] }),
    client.publicClient.readContract({ address: token, abi: permitAbi, functionName: 'nonces', args: [holder] }).catch(() => undefined),
  ]).catch((error: unknown) => { throw toNeuroError(error); });
  if (balance < value) {
    const [asked, held] = await Promise.all([value, balance].map((amount) => describeAmount({ client, token, amount })));
    throw new NeuroError(`This costs ${asked}, and the account holds ${held}.`, { code: 'NO_FUNDS', remedy: 'Add what is missing and try again.', details: holder });
  }
  if (allowance >= value) return noPermit;
  const domain = nonce === undefined ? undefined : await findDomain(client, token);
  if (nonce !== undefined && domain) return signTokenPermit({ client, domain, spender, value, nonce });
  await approveCoin({ client, spender, amount: value, token });
  return noPermit;
}

const permitAbi = parseAbi([
  'function nonces(address owner) view returns (uint256)',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function name() view returns (string)',
  'function version() view returns (string)',
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
]);

/** The token's EIP-712 domain: what it says (ERC-5267) or what most use, and only if the token's own separator agrees. */
async function findDomain(client: NeuroClient, token: Address): Promise<(TypedDataDomain & { verifyingContract: Address }) | undefined> {
  const contract = { address: token, abi: permitAbi } as const;
  const { publicClient, config: { deployment: { chainId } } } = client;
  const [separator, told, name, version] = await Promise.all([
    publicClient.readContract({ ...contract, functionName: 'DOMAIN_SEPARATOR' }).catch((): Hex => '0x'),
    publicClient.readContract({ ...contract, functionName: 'eip712Domain' }).catch(() => undefined),
    publicClient.readContract({ ...contract, functionName: 'name' }).catch(() => ''),
    publicClient.readContract({ ...contract, functionName: 'version' }).catch(() => '1'),
  ]);
  const domain = { name: told?.[1] ?? name, version: told?.[2] ?? version, chainId, verifyingContract: token };
  return domainSeparator({ domain }) === separator ? domain : undefined;
}
