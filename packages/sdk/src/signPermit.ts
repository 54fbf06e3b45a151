import { NeuroError, formatNcr, neuroCoinAbi } from '@neurodata/protocol';
import { type Address, type Hex, type TypedDataDomain, erc20Abi, parseSignature, size, zeroHash } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { spendingSentence } from './spendingSentence.ts';
import { describeAmount } from './tokenAmounts.ts';

/** An ERC-2612 approval that travels with the call that spends it; `deadline` 0 means none. */
export type PermitInput = { value: bigint; deadline: bigint; v: number; r: Hex; s: Hex };

export const noPermit: PermitInput = { value: 0n, deadline: 0n, v: 0, r: zeroHash, s: zeroHash };

const types = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

/**
 * Signs that `spender` may take `value` base units of NCR, for an hour; {@link noPermit} where the standing allowance
 * suffices. Throws `NO_FUNDS` where the account holds less. Other tokens: `authorizePayment`.
 */
export async function signPermit(parameters: { client: NeuroClient; spender: Address; value: bigint }): Promise<PermitInput> {
  const { client, spender, value } = parameters;
  if (value === 0n) return noPermit;
  const account = accountOf(client);
  const { publicClient } = client;
  const token = { address: client.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi } as const;
  const [balance, allowance, nonce, name] = await Promise.all([
    publicClient.readContract({ ...token, functionName: 'balanceOf', args: [account.address] }),
    publicClient.readContract({ ...token, functionName: 'allowance', args: [account.address, spender] }),
    publicClient.readContract({ ...token, functionName: 'nonces', args: [account.address] }),
    publicClient.readContract({ ...token, functionName: 'name' }),
  ]);
  if (balance < value) throw new NeuroError(`This costs ${formatNcr(value)} NCR, and the account holds ${formatNcr(balance)}.`, { code: 'NO_FUNDS', remedy: 'Add NCR and try again.', details: account.address });
  if (allowance >= value) return noPermit;
  const domain = { name, version: '1', chainId: client.config.deployment.chainId, verifyingContract: token.address };
  return signTokenPermit({ client, domain, spender, value, nonce });
}

/**
 * The signature alone, for a token whose EIP-712 domain and nonce are known. A wallet that is a contract approves by a transaction
 * instead.
 */
export async function signTokenPermit(parameters: { client: NeuroClient; domain: TypedDataDomain & { verifyingContract: Address }; spender: Address; value: bigint; nonce: bigint }): Promise<PermitInput> {
  const { client, domain, spender, value, nonce } = parameters;
  const account = accountOf(client);
  const { timestamp } = await client.publicClient.getBlock();
  const deadline = timestamp + 3600n;
  const signature = await account.signTypedData({ domain, types, primaryType: 'Permit', message: { owner: account.address, spender, value, nonce, deadline } });
  // Wallets that are contracts sign for ERC-1271, which permits know nothing of.
  if (size(signature) !== 65) {
    const amount = await describeAmount({ client, token: domain.verifyingContract, amount: value });
    await client.send({ address: domain.verifyingContract, abi: erc20Abi, functionName: 'approve', args: [spender, value], sentence: spendingSentence({ config: client.config, spender, amount }) });
    return noPermit;
  }
  const { r, s, yParity } = parseSignature(signature);
  return { value, deadline, v: 27 + yParity, r, s };
}
