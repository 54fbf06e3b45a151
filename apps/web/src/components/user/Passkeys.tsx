import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { passkeysQuery, passkeysWork, useAddPasskeyMutation, useDeletePasskeyMutation, useRenamePasskeyMutation } from '../../queries/passkeys.ts';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { NameForm } from './NameForm.tsx';

/** Passkeys of the account: made by this device, named, and removed. */
export function Passkeys(): JSX.Element {
  const passkeys = useQuery(passkeysQuery());
  const add = useMutation(useAddPasskeyMutation());
  const rename = useMutation(useRenamePasskeyMutation());
  const remove = useMutation(useDeletePasskeyMutation());
  const [renaming, setRenaming] = useState<string>();
  const error = passkeys.error ?? add.error ?? rename.error ?? remove.error;
  return (
    <Section title="Passkeys">
      {passkeys.data?.length === 0 && <p className="mb-3 text-muted">Sign in with your device’s finger, face or PIN. A passkey never leaves your devices, and no other site can ask for it.</p>}
      <ul className="grid gap-2">
        {passkeys.data?.map(({ passkeyId, name, host, synced, usedAt }) => (
          <li key={passkeyId} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
            {renaming === passkeyId
              ? <NameForm label="New name of the passkey" initial={name} action="Rename" busy={rename.isPending} onSend={(next) => rename.mutate({ passkeyId, name: next }, { onSuccess: () => setRenaming(undefined) })} />
              : <span className="min-w-0 truncate">{name} <span className="hint">{host}{synced && ', on several devices'}, {usedAt === null ? 'never used' : <>used <When at={usedAt} /></>}</span></span>}
            <span className="flex gap-2">
              <Button size="small" onClick={() => setRenaming(renaming === passkeyId ? undefined : passkeyId)} aria-label={renaming === passkeyId ? `Keep the name ${name}` : `Rename ${name}`}>{renaming === passkeyId ? 'Keep' : 'Rename'}</Button>
              <Button size="small" busy={remove.isPending && remove.variables === passkeyId} onClick={() => remove.mutate(passkeyId)} aria-label={`Remove ${name}`}>Remove</Button>
            </span>
          </li>
        ))}
      </ul>
      {passkeysWork()
        ? <div className="mt-3"><NameForm label="Name of the passkey" placeholder="Such as: my laptop" action="Add a passkey" busy={add.isPending} onSend={(name, done) => add.mutate(name, { onSuccess: done })} /></div>
        : <p className="mt-3 text-muted">Passkeys need this page over https, or under the name localhost.</p>}
      {error && <div className="mt-4"><Failure error={error} /></div>}
    </Section>
  );
}
