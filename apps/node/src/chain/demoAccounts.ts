import { toHex } from 'viem';
import type { Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

/** The public test mnemonic of anvil and Hardhat: everybody has these keys, so nothing but play money belongs there. */
const mnemonic = 'test test test test test test test test test test test junk';

/** The accounts to which an embedded chain gives play money, in their order. */
export function demoAccounts(count: number): { address: Hex; privateKey: Hex }[] {
  return Array.from({ length: count }, (_, addressIndex) => {
    const account = mnemonicToAccount(mnemonic, { addressIndex });
    const { privateKey } = account.getHdKey();
    if (!privateKey) throw new Error(`no key for account ${addressIndex}`);
    return { address: account.address, privateKey: toHex(privateKey) };
  });
}
