import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import type { Address } from 'viem';
import { type StoredIdentity, browserIdentities } from '../client/identities.ts';
import { t } from '../language/t.ts';
import { identitiesQuery } from '../queries/identities.ts';
import { useGiftKeyMutation } from '../queries/mutations.ts';
import { When, plural } from './Amounts.tsx';
import { Button } from './Button.tsx';
import { CodeBlock, Hash } from './Copy.tsx';
import { Failure } from './Feedback.tsx';
import { writeGiftCode } from './giftCode.ts';
import { Section, Table } from './Layout.tsx';
import { Modal } from './Modal.tsx';
import { saveFile } from './saveFile.ts';

/** The keys to which this account's purchases are sealed: they live in this browser and nowhere else. */
export function Keys({ account }: { account: Address }): JSX.Element {
  const queries = useQueryClient();
  const { data: keys } = useQuery(identitiesQuery(account));
  const [clearing, setClearing] = useState(false);
  const id = useId();
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['identities', account] });
  const save = useMutation({ mutationFn: async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(await browserIdentities(account).export(), null, 2));
    saveFile({ bytes, fileName: `neurodata-keys-${account.slice(0, 8)}.json`, mediaType: 'application/json' });
  } });
  const load = useMutation({ mutationFn: (file: File) => importKeys(account, file), onSuccess: refresh });
  const clear = useMutation({ mutationFn: () => browserIdentities(account).clear(), onSuccess: async () => { setClearing(false); await refresh(); } });
  const gift = useMutation(useGiftKeyMutation());
  const error = save.error ?? load.error ?? gift.error;
  return (
    <Section title="Keys in this browser" aside={keys && <span className="text-sm text-muted">{plural(keys.length, 'key')}</span>}>
      <p className="mb-4 max-w-[72ch] text-muted">What you buy is sealed to a fresh key for each order and run. These keys exist only here: if you clear this browser’s data without saving them, what they open stays sealed.</p>
      {keys && keys.length > 0 && (
        <div className="mb-4 max-h-72 overflow-y-auto">
          <Table label="Keys" head={['For', 'Public key', 'Made']}>
            {keys.map((key) => <tr key={key.publicKey}><td>{key.label}</td><td><Hash value={key.publicKey} label="public key" /></td><td className="text-muted"><When at={Math.floor(key.createdAt / 1000)} /></td></tr>)}
          </Table>
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button disabled={!keys?.length} onClick={() => save.mutate()}>Save keys to a file</Button>
        <label htmlFor={id} className="inline-flex h-9 items-center rounded-md border border-line-strong/60 px-4 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:border-line-strong">
          Load keys from a file<input id={id} type="file" accept="application/json,.json" className="sr-only" onChange={(event) => { const file = event.target.files?.[0]; if (file) load.mutate(file); }} />
        </label>
        <Button busy={gift.isPending} onClick={() => gift.mutate(undefined, { onSuccess: refresh })}>Make a gift code</Button>
        <Button look="quiet" disabled={!keys?.length} onClick={() => setClearing(true)}>Forget all</Button>
      </div>
      {gift.data && (
        <div className="mt-4 grid gap-2">
          <p role="status" className="max-w-[72ch]">Send this to whoever wants to give you a dataset or model; it tells them nothing secret. One code for one gift: its key is kept in this browser.</p>
          <CodeBlock label="Gift code" code={writeGiftCode({ to: account, recipientKey: gift.data.publicKey })} />
        </div>
      )}
      {load.isSuccess && <p role="status" className="mt-3">{plural(load.data, 'key')} loaded.</p>}
      {error && <div className="mt-4"><Failure error={error} safe="The keys that are here are unchanged." /></div>}
      {clearing && (
        <Modal open onOpenChange={setClearing} title="Forget all keys?" description="Orders and runs that were sealed to them can no longer be opened here. Save them to a file first.">
          <div className="flex justify-end gap-2"><Button onClick={() => setClearing(false)}>Keep them</Button><Button look="danger" busy={clear.isPending} onClick={() => clear.mutate()}>Forget all</Button></div>
        </Modal>
      )}
    </Section>
  );
}

async function importKeys(account: Address, file: File): Promise<number> {
  const refusal = new Error(t`${file.name} is not a file of saved keys. Choose one that “Save keys to a file” wrote.`);
  let entries: unknown;
  try {
    entries = JSON.parse(await file.text());
  } catch {
    throw refusal;
  }
  if (!Array.isArray(entries) || !entries.every(isIdentity)) throw refusal;
  const store = browserIdentities(account);
  for (const entry of entries) await store.put(entry);
  return entries.length;
}

function isIdentity(value: unknown): value is StoredIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { publicKey, secretKey, label, createdAt } = value as Record<string, unknown>;
  const isKey = (text: unknown): boolean => typeof text === 'string' && /^0x[0-9a-f]{64}$/i.test(text);
  return isKey(publicKey) && isKey(secretKey) && typeof label === 'string' && typeof createdAt === 'number';
}
