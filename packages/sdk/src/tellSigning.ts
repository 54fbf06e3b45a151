import { type Config, NeuroError } from '@neurodata/protocol';
import type { LocalAccount } from 'viem';
import { type AnyTypedData, describeTypedData } from './describeTypedData.ts';
import { toNeuroError } from './errors.ts';
import type { OnSigning, Signer, Signing } from './signer.ts';

/** Tells how one thing that is signed stands; what was told before is told again with it. */
export function createTeller(onSigning: OnSigning, about: Pick<Signing, 'kind' | 'account' | 'sentence' | 'data'>): (news: Partial<Signing> & Pick<Signing, 'state'>) => void {
  let known: Signing = { id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`, state: 'asked', ...about };
  return (news) => {
    known = { ...known, ...news };
    onSigning(known);
  };
}

/** A refusal by the owner, or what went wrong, as it is told; `sent` once it was on its way. */
export function failureOf(error: unknown, sent: boolean): Pick<Signing, 'state' | 'failure'> {
  const { message, code, remedy, details } = toNeuroError(error);
  const short = remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message;
  const failure = { message: short, ...(remedy ? { remedy } : {}), ...(details ? { details } : {}) };
  // Nobody knows yet what becomes of one that is in no block.
  return { state: code === 'REJECTED' ? 'rejected' : !sent ? 'failed' : code === 'CONFLICT' ? 'replaced' : code === 'TIMEOUT' ? 'sent' : 'failed', failure };
}

/** The same signer, which tells of typed data before and after it signs. */
export function tellingSigner(parameters: { account: Signer; config: Pick<Config, 'deployment'>; onSigning: OnSigning }): Signer {
  const { account, config, onSigning } = parameters;
  const signTypedData = (async (typed: AnyTypedData) => {
    const data = describeTypedData({ config, typed });
    const tell = createTeller(onSigning, { kind: 'data', account: account.address, sentence: data.sentence, data });
    tell({ state: 'asked' });
    try {
      const signature = await account.signTypedData(typed as Parameters<LocalAccount['signTypedData']>[0]);
      tell({ state: 'signed' });
      return signature;
    } catch (error) {
      tell(failureOf(error, false));
      throw error instanceof NeuroError ? error : toNeuroError(error);
    }
  }) as LocalAccount['signTypedData'];
  return { ...account, signTypedData };
}
