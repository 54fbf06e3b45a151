import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { configQuery } from '../../queries/chain.ts';
import { pageOf } from '../../queries/explorer.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { readSearched } from './searched.ts';

/** Finds what a number, a hash or an address is, and goes there. */
export function ExplorerSearch(): JSX.Element {
  const id = useId();
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string>();
  const find = useMutation({ mutationFn: pageOf, onSuccess: (page) => void navigate(page) });
  const submit = (): void => {
    const searched = readSearched(text, config?.deployment.addresses ?? {});
    find.reset();
    setWrong(searched.kind === 'nothing' ? searched.text : undefined);
    if (searched.kind !== 'nothing') find.mutate(searched);
  };
  return (
    <form role="search" aria-label="Explorer" noValidate onSubmit={(event) => { event.preventDefault(); submit(); }} className="mb-6">
      <label htmlFor={id} className="label">Block, transaction, address, order or run</label>
      <div className="flex gap-2">
        <input id={id} className="field num" autoComplete="off" spellCheck={false} placeholder="1234 or 0x…" value={text} onChange={(event) => { setText(event.target.value); setWrong(undefined); }} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} />
        <Button type="submit" look="primary" busy={find.isPending}>Find</Button>
      </div>
      {wrong && <p id={`${id}-wrong`} role="alert" className="mt-1 text-sm text-bad">{wrong}</p>}
      {find.error && <div className="mt-3"><Failure error={find.error} /></div>}
    </form>
  );
}
