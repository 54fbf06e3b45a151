import type { AssetDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import { t } from '../../language/t.ts';
import { configQuery, demoAccountsQuery } from '../../queries/chain.ts';
import { useTransferAssetMutation } from '../../queries/mutations.ts';
import { Account } from '../Account.tsx';
import { plural } from '../Amounts.tsx';
import { recipientOf } from '../token/recipientOf.ts';
import { SignDialog } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';

const GAS = 120_000;

/** The owner gives an asset to another account, after saying twice which one to whom. */
export function TransferDialog({ asset: { assetId, title, owner, listings, versions }, onClose }: { asset: AssetDto; onClose: () => void }): JSX.Element {
  const id = useId();
  const [who, setWho] = useKept(`transfer-${assetId}`);
  const [number, setNumber] = useState('');
  const { data: people } = useQuery(demoAccountsQuery());
  const { data: config } = useQuery(configQuery());
  const transfer = useMutation(useTransferAssetMutation());
  const to = recipientOf(who, people);
  const same = (address: string): boolean => address.toLowerCase() === to?.toLowerCase();
  const contract = Object.entries(config?.deployment.addresses ?? {}).find(([, address]) => same(address))?.[0];
  const wrong = who.trim() === '' ? undefined : to === undefined ? t`This is neither an address whose capitals fit nor the name of a demo wallet.` : contract ? t`This is the contract ${contract}: nobody could use the asset any more.` : same(owner) ? t`It is yours already.` : undefined;
  const mistyped = number.trim() !== '' && number.trim() !== String(assetId);
  const open = listings.filter(({ retired }) => !retired).length;
  return (
    <SignDialog
      onClose={onClose} onDone={() => setWho('')} ready={to !== undefined && wrong === undefined && number.trim() === String(assetId)}
      ask={{
        title: t`Transfer the asset`, text: t`“${title}” becomes another account’s. Only that account can give it back.`, gas: GAS, button: t`Sign and transfer`, danger: true,
        lines: [[t`Goes along`, plural(versions.length, 'version')], [t`Offers that stand`, String(open)]],
        act: () => (to ? transfer.mutateAsync({ assetId, to }) : Promise.reject(new Error(t`Say who gets it.`))),
      }}
    >
      <ul className="grid list-disc gap-1 pl-5 text-sm">
        <li>The new owner may publish versions, revoke them, make and withdraw offers, ask for the keys, and gets the share of models’ sales and what is held in reserve.</li>
        <li>You can do none of that any more. What was sold stays paid to you.</li>
        {open > 0 && <li className="text-warn">Offers that stand go on paying you until the new owner withdraws them. Withdraw them first if that is not meant.</li>}
        <li>The market tells nobody: tell the new owner yourself.</li>
      </ul>
      <div>
        <label htmlFor={`${id}-to`} className="label">New owner</label>
        <input id={`${id}-to`} data-autofocus className="field" list={`${id}-people`} autoComplete="off" spellCheck={false} placeholder="0x… or a demo wallet’s name" value={who} onChange={(event) => setWho(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} />
        <datalist id={`${id}-people`}>{people?.filter(({ address }) => address.toLowerCase() !== owner.toLowerCase()).map((person) => <option key={person.address} value={person.name}>{person.address}</option>)}</datalist>
        <p id={`${id}-wrong`} className="mt-1 min-h-5 text-sm text-muted">{wrong ? <span role="alert" className="text-bad">{wrong}</span> : to && <>Goes to <Account address={to} /></>}</p>
      </div>
      <div>
        <label htmlFor={`${id}-number`} className="label">Type {assetId}, the asset’s number, to confirm</label>
        <input id={`${id}-number`} className="field w-32 tabular-nums" inputMode="numeric" autoComplete="off" value={number} onChange={(event) => setNumber(event.target.value)} aria-invalid={mistyped} aria-describedby={`${id}-mistyped`} />
        <p id={`${id}-mistyped`} className="mt-1 min-h-5 text-sm">{mistyped && <span role="alert" className="text-bad">This is another number.</span>}</p>
      </div>
    </SignDialog>
  );
}
