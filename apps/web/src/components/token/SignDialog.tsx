import { useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { gasPriceQuery } from '../../queries/chain.ts';
import { Gas, count } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { shorten } from '../Copy.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

/** What is asked of the signer: what it does, what it costs, and how it stands afterwards. */
export type Ask = {
  /** "Send 5 NCR to alice". */
  title: string;
  text?: string;
  lines: [string, ReactNode][];
  /** Upper bound of what it burns; the chain is asked again before it is signed. */
  gas: number;
  /** On the button: "Sign and send". */
  button: string;
  danger?: boolean;
  act: () => Promise<{ hash: string }>;
};

type SignDialogProps = { ask: Ask; onClose: () => void; onDone?: (hash: string) => void; /** What is still asked for, above the button; until it is `ready`, nothing is signed. */ children?: ReactNode; ready?: boolean };

/** One sentence, its cost, one signature; then the transaction. */
export function SignDialog({ ask, onClose, onDone, children, ready = true }: SignDialogProps): JSX.Element {
  const { data: gasPrice } = useQuery(gasPriceQuery());
  const [state, setState] = useState<'asked' | 'sent' | { hash: string } | { error: unknown }>('asked');
  const busy = state === 'sent';
  const done = typeof state === 'object' && 'hash' in state ? state : undefined;
  const start = async (): Promise<void> => {
    setState('sent');
    try {
      const { hash } = await ask.act();
      setState({ hash });
      onDone?.(hash);
    } catch (error) {
      setState({ error });
    }
  };
  return (
    <Modal open onOpenChange={(open) => !open && !busy && onClose()} title={ask.title} {...(ask.text ? { description: ask.text } : {})}>
      <dl className="grid gap-2">
        {ask.lines.map(([name, value]) => <div key={name} className="flex justify-between gap-4"><dt className="text-muted">{name}</dt><dd className="text-right">{value}</dd></div>)}
        <div className="flex justify-between gap-4"><dt className="text-muted">Gas, at most about</dt><dd><span className="num">{count(ask.gas)}</span>{gasPrice !== undefined && <span className="text-muted"> (<Gas wei={gasPrice * BigInt(ask.gas)} />)</span>}</dd></div>
      </dl>
      {!done && children && <div className="mt-4 grid gap-4">{children}</div>}
      {typeof state === 'object' && 'error' in state && <div className="mt-4"><Failure error={state.error} safe="If no transaction was made, nothing has moved." /></div>}
      {done && <p role="status" className="mt-4 rounded-md bg-good-soft px-3 py-2">Done, in <Link className="link num" to={`/explorer/tx/${done.hash}`} onClick={onClose}>{shorten(done.hash)}</Link>.</p>}
      <div className="mt-5 flex justify-end gap-2">
        {done ? <Button look="primary" data-autofocus onClick={onClose}>Close</Button> : (
          <>
            <Button onClick={onClose} disabled={busy}>Cancel</Button>
            <Button data-autofocus look={ask.danger ? 'danger' : 'primary'} busy={busy} disabled={!ready} onClick={() => void start()}>{busy ? 'Waiting for its block' : ask.button}</Button>
          </>
        )}
      </div>
    </Modal>
  );
}
