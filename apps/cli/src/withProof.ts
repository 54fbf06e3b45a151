import { NeuroError } from '@neurodata/protocol';
import { type Context, findAccount } from './context.ts';
import { askSecret } from './prompt.ts';

const asks = (error: unknown, code: string): boolean => error instanceof NeuroError && error.code === code;

/** Does something that takes a fresh proof of who calls; where the last one is too old, the wallet at hand signs once more, or the password is asked for. */
export async function withProof<T>(context: Context, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!asks(error, 'PROOF_NEEDED')) throw error;
  }
  await prove(context);
  return act();
}

async function prove(context: Context): Promise<void> {
  const { wallets } = await context.api.getUser();
  const account = await findAccount(context);
  const linked = account && wallets.some(({ address }) => address.toLowerCase() === account.address.toLowerCase()) ? account : undefined;
  const password = linked ? undefined : await askSecret('Your password, once more: ');
  const proof = async (): Promise<Parameters<typeof context.api.prove>[0]> => {
    if (!linked) return { password };
    const { message } = await context.api.connectWallet({ address: linked.address });
    return { wallet: { message, signature: await linked.signMessage({ message }) } };
  };
  try {
    await context.api.prove(await proof());
  } catch (error) {
    if (!asks(error, 'SECOND_FACTOR')) throw error;
    await context.api.prove({ ...(await proof()), secondFactor: await askSecret('Second factor: ') });
  }
}
