import { NeuroError, type User } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import { answerProof, useProofAsked } from '../../client/proof.ts';
import { useWallet } from '../../client/wallet.ts';
import { passkeysWork, usePasskeyProveMutation } from '../../queries/passkeys.ts';
import { useProveMutation } from '../../queries/user.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

/** Asks who it is, when the node wants to be sure before it changes how somebody signs in. */
export function ProofDialog({ user }: { user: User }): JSX.Element | null {
  return useProofAsked() ? <Asking user={user} /> : null;
}

const asksFactor = (error: unknown): boolean => error instanceof NeuroError && error.code === 'SECOND_FACTOR';

function Asking({ user }: { user: User }): JSX.Element {
  const prove = useMutation(useProveMutation());
  const passkey = useMutation(usePasskeyProveMutation());
  const wallet = useWallet();
  const linked = wallet && user.wallets.some(({ address }) => address.toLowerCase() === wallet.address.toLowerCase()) ? wallet : undefined;
  const [password, setPassword] = useState('');
  const [factor, setFactor] = useState('');
  const id = useId();
  const asked = user.secondFactor || asksFactor(prove.error);
  const secondFactor = factor.trim() === '' ? undefined : factor.trim();
  const then = { onSuccess: () => answerProof(true) };
  const error = prove.error ?? passkey.error;
  return (
    <Modal open onOpenChange={() => answerProof(false)} title="Is it you?" description="You signed in a while ago. What changes how you sign in takes a fresh proof; then nothing is asked for ten minutes.">
      <div className="grid gap-4">
        {(user.hasPassword || asked || error) && <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); prove.mutate({ password, secondFactor }, then); }}>
          {user.hasPassword && <div><label htmlFor={`${id}-password`} className="label">Password</label><input id={`${id}-password`} data-autofocus type="password" autoComplete="current-password" required className="field" value={password} onChange={(event) => setPassword(event.target.value)} /></div>}
          {asked && <div><label htmlFor={`${id}-factor`} className="label">Second factor</label><input id={`${id}-factor`} autoComplete="one-time-code" required={user.hasPassword} className="field" value={factor} onChange={(event) => setFactor(event.target.value)} /><p className="hint mt-1">The six digits of your authenticator, or a recovery code. A passkey needs none.</p></div>}
          {error && <Failure error={error} safe="Nothing was changed." />}
          {user.hasPassword && <Button type="submit" look="primary" busy={prove.isPending}>Go on</Button>}
        </form>}
        {linked && <Button look={user.hasPassword ? 'secondary' : 'primary'} busy={prove.isPending} onClick={() => prove.mutate({ wallet: linked, secondFactor }, then)}>Sign as {linked.name}</Button>}
        {!linked && !user.hasPassword && user.wallets.length > 0 && <p className="text-muted">Choose a wallet that is linked to this account, in the bar above, and try again.</p>}
        {passkeysWork() && <Button busy={passkey.isPending} onClick={() => passkey.mutate(undefined, then)}>Use a passkey</Button>}
      </div>
    </Modal>
  );
}
