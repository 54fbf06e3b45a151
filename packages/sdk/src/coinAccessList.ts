import { type AccessList, type Address, encodeAbiParameters, keccak256 } from 'viem';

const slotOf = (key: Address, slot: bigint): `0x${string}` => keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [key, slot]));

/**
 * What a payment out of an allowance touches in NeuroCoin: balances (slot 0) and allowances (slot 1) of OpenZeppelin's
 * ERC-20. Named beforehand (EIP-2930) each costs 100 gas less; a wrong slot would cost gas and change nothing.
 */
export function coinAccessList(parameters: { coin: Address; from: Address; to: Address }): AccessList {
  const { coin, from, to } = parameters;
  return [{ address: coin, storageKeys: [slotOf(from, 0n), slotOf(to, 0n), slotOf(to, BigInt(slotOf(from, 1n)))] }];
}
