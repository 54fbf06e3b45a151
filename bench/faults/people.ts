import { neuroCoinAbi } from '@neurodata/protocol';
import { createClient } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { type LocalAccount, createWalletClient, http, keccak256, parseEther, parseUnits, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { demoAccounts } from '../../apps/node/src/chain/index.ts';

/** What everybody starts with, base units of NCR. */
export const capital = parseUnits('20000', 18);

export type Person = { name: string; client: NeuroClient };

/**
 * People of a campaign, each with an account of the seed and one gateway that is asked first; where that does not answer,
 * the others are, as somebody would who knows more than one.
 */
export async function bringPeople(parameters: { names: string[]; seed: number; gateways: string[] }): Promise<Person[]> {
  const { names, seed, gateways } = parameters;
  const people = await Promise.all(names.map(async (name, index): Promise<Person> => {
    const own = gateways[index % gateways.length]!;
    const account = privateKeyToAccount(keccak256(toHex(`faults/${seed}/${name}`)));
    return { name, client: await createClient({ url: own, account, fetch: failover(own, gateways) }) };
  }));
  const treasury = await treasurer(gateways[0]!);
  const { client } = people[0]!;
  const rpcUrl = new URL(client.config.rpcUrl, `${client.url}/`).href;
  const wallet = createWalletClient({ account: treasury.account as LocalAccount, chain: client.publicClient.chain!, transport: http(rpcUrl) });
  for (const person of people) {
    const to = person.client.account!.address;
    await client.publicClient.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to, value: parseEther('100') }) });
    await treasury.send({ address: treasury.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'transfer', args: [to, capital], sentence: `Fund ${person.name}` });
  }
  return people;
}

/** The account that deployed the embedded chain's economy and receives its fees. */
export function treasurer(url: string): Promise<NeuroClient> {
  return createClient({ url, account: privateKeyToAccount(demoAccounts(1)[0]!.privateKey) });
}

function failover(own: string, gateways: string[]): typeof fetch {
  const order = [own, ...gateways.filter((url) => url !== own)];
  return async (input, init) => {
    const target = input instanceof Request ? input.url : String(input);
    if (!target.startsWith(own)) return fetch(input, init);
    let failed: unknown;
    for (const url of order) {
      try {
        const answer = await fetch(target.replace(own, url), init);
        if (answer.status < 500) return answer;
        failed = new TypeError(`${url} answered ${answer.status}`);
      } catch (error) {
        init?.signal?.throwIfAborted();
        failed = error;
      }
    }
    throw failed;
  };
}
